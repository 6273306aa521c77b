"""Which judgments may stand beside each other, and who merges, separates and undoes.

Judgments never contradict: what is the same as the same is the same, and nothing of that is judged not to be.
Source: sources, "Who it is"; ACCEPTANCE 5 as docs/domain/identity.md has it.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from nowrongdoor.identity.facts import JudgmentFacts, Says
from nowrongdoor.kernel.verdict import Verdict, no, yes


def may_judge(
    one_id: UUID, other_id: UUID, says: Says, judgments: Collection[JudgmentFacts]
) -> Verdict:
    """Say whether a judgment may stand beside those that do; a no names the one that stands against it."""
    if one_id == other_id:
        return no("judge.itself", "This is the same record.")
    if says is Says.LATER:
        return _may_put_off(one_id, other_id, judgments)
    against = _against(one_id, other_id, says, judgments)
    if against is None:
        return yes("judge.may")
    told = {"name": against.by_name, "day": against.on}
    if says is Says.SAME:
        return no(
            "judge.split",
            "{name} judged on {day} that these are not the same person. Undo that judgment first.",
            **told,
        )
    return no(
        "judge.joined",
        "{name} judged on {day} that these are the same person. Undo that judgment first.",
        **told,
    )


def may_merge(*, one_merged: bool, into_merged: bool, same_program: bool) -> Verdict:
    """Say whether a record may be read as part of another one: both of one program, neither part of another.

    Source: our choice; nothing is merged across programs, of one agency or of two.
    """
    if not same_program:
        return no("merge.elsewhere", "Records of two programs are linked, never merged.")
    if one_merged or into_merged:
        return no("merge.merged", "One of these records is already merged. Open the one it is in.")
    return yes("merge.may")


def may_separate(*, merged: bool) -> Verdict:
    if not merged:
        return no("separate.whole", "This record is not merged into another one.")
    return yes("separate.may")


def may_undo(*, undone: bool, merged: bool) -> Verdict:
    """Say whether a judgment may be undone: once, and not while one record is part of the other."""
    if undone:
        return no("undo.undone", "This judgment has already been undone.")
    if merged:
        return no("undo.merged", "These records are merged. Separate them first.")
    return yes("undo.may")


def may_identify(*, identified: bool) -> Verdict:
    """Say whether a program may say who the person of an episode is: once, or after it took that back."""
    if identified:
        return no(
            "identify.known", "Someone in your program already said who this is. Remove that first."
        )
    return yes("identify.may")


def may_forget(*, identified: bool) -> Verdict:
    if not identified:
        return no("identify.nobody", "Your program has not said who this is.")
    return yes("identify.may_forget")


def linked_with(person_id: UUID, judgments: Iterable[JudgmentFacts]) -> frozenset[UUID]:
    """The records that are the same person by the judgments that stand, this one included."""
    return frozenset(_paths(person_id, judgments))


def _may_put_off(one_id: UUID, other_id: UUID, judgments: Iterable[JudgmentFacts]) -> Verdict:
    if any({each.one_id, each.other_id} == {one_id, other_id} for each in judgments):
        return no("judge.judged", "These two records have already been judged.")
    return yes("judge.may")


def _against(
    one_id: UUID, other_id: UUID, says: Says, judgments: Collection[JudgmentFacts]
) -> JudgmentFacts | None:
    paths = _paths(one_id, judgments)
    if says is Says.NOT_SAME:
        return paths.get(other_id)
    ones, others = set(paths), linked_with(other_id, judgments)
    return next(
        (
            each
            for each in judgments
            if each.says is Says.NOT_SAME
            and (
                (each.one_id in ones and each.other_id in others)
                or (each.other_id in ones and each.one_id in others)
            )
        ),
        None,
    )


def _paths(start: UUID, judgments: Iterable[JudgmentFacts]) -> dict[UUID, JudgmentFacts | None]:
    """Whatever is the same as `start`, each with the last judgment on the way there."""
    same = [each for each in judgments if each.says is Says.SAME]
    found: dict[UUID, JudgmentFacts | None] = {start: None}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for each in same:
            if here in (each.one_id, each.other_id):
                there = each.other_id if here == each.one_id else each.one_id
                if there not in found:
                    found[there] = each
                    waiting.append(there)
    return found
