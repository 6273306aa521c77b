"""How places are spoken of on screen, in the reader's language."""

import re

from django.utils.translation import gettext

from nowrongdoor.community.hours import ALWAYS
from nowrongdoor.directory.facts import STATE_WORDS, Age, Medical, Police, Serves, State, Takes


def state_name(state: State) -> str:
    return gettext(STATE_WORDS[state])


def hours_in_words(hours: str) -> str:
    """Opening hours with the reader's names of the days."""
    if hours == ALWAYS:
        return gettext("day and night")
    names = {
        "Mo": gettext("Mo"),
        "Tu": gettext("Tu"),
        "We": gettext("We"),
        "Th": gettext("Th"),
        "Fr": gettext("Fr"),
        "Sa": gettext("Sa"),
        "Su": gettext("Su"),
    }
    return re.sub("|".join(names), lambda found: names[found[0]], hours)


def takes_in_words(takes: Takes) -> tuple[str, ...]:
    """Whom a place takes: ages, whom it is for, and what is special."""
    return (
        _ages(takes),
        *(_serves(each) for each in Serves if each in takes.serves),
        *_special(takes),
    )


def _ages(takes: Takes) -> str:
    if takes.ages == frozenset(Age):
        return gettext("every age")
    names = {
        Age.CHILD: gettext("children"),
        Age.TEEN: gettext("teens"),
        Age.ADULT: gettext("adults"),
        Age.OLDER: gettext("older adults"),
    }
    return ", ".join(names[each] for each in Age if each in takes.ages)


def _serves(each: Serves) -> str:
    names = {
        Serves.MEN: gettext("men"),
        Serves.WOMEN: gettext("women"),
        Serves.FAMILIES: gettext("families"),
    }
    return names[each]


def _special(takes: Takes) -> tuple[str, ...]:
    found = {
        gettext("refuses no officer"): takes.police is Police.ALWAYS,
        gettext("not from officers"): takes.police is Police.NO,
        gettext("also involuntary"): takes.involuntary,
        gettext("medical care"): takes.medical is Medical.ANY,
        gettext("examined first"): takes.medical is Medical.EXAMINED,
        gettext("pets"): takes.pets,
    }
    return tuple(words for words, holds in found.items() if holds)
