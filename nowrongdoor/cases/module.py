"""Cases, as the house knows them."""

from django.urls import path
from django.utils.translation import gettext_noop as _

from nowrongdoor.agencies.facts import Action
from nowrongdoor.cases import commands, kinds, pages
from nowrongdoor.cases.due import TASK_DUE, UNTAKEN
from nowrongdoor.kit.module import Module, Screen

MODULE = Module(
    name="cases",
    kinds=kinds.ALL,
    acts=pages.acts,
    clocks={UNTAKEN: commands.alert_untaken, TASK_DUE: commands.alert_task_due},
    screens=(
        Screen(
            page="cases:caseload",
            label=_("Caseload"),
            key="C",
            needs=Action.KEEP_CASES,
            group="work",
            icon="calendar",
        ),
    ),
    pages=(
        path("cases/", pages.caseload, name="caseload"),
        path("cases/<uuid:case_id>/", pages.case, name="case"),
    ),
)
