"""How places are spoken of on screen, in the reader's language."""

import re

from django.utils.text import capfirst
from django.utils.translation import gettext

from nowrongdoor.community.hours import ALWAYS
from nowrongdoor.directory.facts import STATE_WORDS, Age, Medical, Police, Serves, State, Takes


def state_name(state: State, takes: Takes | None = None) -> str:
    """`takes`: an emergency department that sends people elsewhere is *on diversion*."""
    if state is State.DIVERTING and takes is not None and takes.medical is Medical.ANY:
        return gettext("On diversion")
    return gettext(STATE_WORDS[state])


def hours_in_words(hours: str) -> str:
    """Opening hours with the reader's names of the days."""
    if hours == ALWAYS:
        return gettext("24/7")
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
    said = (
        _ages(takes),
        *(_serves(each) for each in Serves if each in takes.serves),
        *_special(takes),
    )
    return tuple(capfirst(each) for each in said)


def _ages(takes: Takes) -> str:
    if takes.ages == frozenset(Age):
        return gettext("All ages")
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
        gettext("No-refusal police drop-off"): takes.police is Police.ALWAYS,
        gettext("No police drop-off"): takes.police is Police.NO,
        gettext("Accepts involuntary"): takes.involuntary,
        gettext("Medical care"): takes.medical is Medical.ANY,
        gettext("Medical clearance required"): takes.medical is Medical.EXAMINED,
        gettext("Pets"): takes.pets,
    }
    return tuple(words for words, holds in found.items() if holds)
