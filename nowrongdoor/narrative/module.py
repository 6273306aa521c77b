"""Notes, as everything around them knows them."""

from django.urls import path
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.kit.module import Board, Module, Screen
from nowrongdoor.narrative import kinds, pages, queries
from nowrongdoor.narrative.shelf import NOTES

MODULE = Module(
    name="narrative",
    kinds=kinds.ALL,
    acts=pages.acts,
    boards=(
        Board(
            name="messages",
            key="note_id",
            rows=queries.messages,
            choices=pages.choices,
            partial="narrative/messages.html#row",
            readers="narrative_note_readers",
        ),
    ),
    screens=(
        Screen(
            page="narrative:messages",
            label=_("Messages"),
            key="G",
            needs=Action.WRITE_NOTE,
            group="work",
            icon="chat",
        ),
    ),
    pages=(path("messages/", pages.messages, name="messages"),),
    shelves=(NOTES,),
)
