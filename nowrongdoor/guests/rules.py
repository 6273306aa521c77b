"""Whether a guest link still opens anything. Whether its offer may be answered, `episodes.rules` says.

Source: sources, "The guest link".
"""

from datetime import datetime

from nowrongdoor.episodes.facts import GUEST
from nowrongdoor.guests.facts import Found, LinkFacts
from nowrongdoor.kernel.actor import Actor
from nowrongdoor.kernel.verdict import Verdict, no, yes


def code_opens(found: Found | None, *, at: datetime) -> Verdict:
    """Say whether a typed code opens anything: one answer, so that a guess learns nothing.

    Errors: unknown, expired (long before its link), ended and answered are one answer.
    """
    if found is None or not _fresh(found, at=at):
        return no(
            "code.nothing",
            "This code is no longer valid. Ask the person who gave it to you for a new one.",
        )
    return yes("code.opens")


def address_opens(found: Found | None, *, at: datetime) -> Verdict:
    """As `code_opens`, of an address that was followed."""
    if found is None or not _fresh(found, at=at):
        return no(
            "link.nothing",
            "This link is no longer valid. Ask the person who sent it for a new one.",
        )
    return yes("link.opens")


def may_look(found: Found | None, *, at: datetime) -> Verdict:
    """Say whether whoever opened a link is still shown anything: asked again for every page.

    Once it is answered they may read until it expires what they answered.
    """
    if found is None or found.ended_at is not None or at >= found.expires_at:
        return no(
            "link.nothing",
            "This link is no longer valid. Ask the person who sent it for a new one.",
        )
    return yes("link.shows")


def unused(link: LinkFacts) -> Verdict:
    """Say whether a link was neither answered nor ended."""
    if link.answered:
        return no("link.answered", "This link has already been answered.")
    if link.ended:
        return no("link.ended", "This link was canceled.")
    return yes("link.unused")


def may_use(by: Actor, link: LinkFacts, *, at: datetime) -> Verdict:
    """Say whether `by` is this link's guest, and it is fresh."""
    if by.code != f"{GUEST}{link.id}":
        return no("link.not_yours", "Only the person who was given this link can open it.")
    answer = unused(link)
    if not answer.allowed:
        return answer
    if at >= link.expires_at:
        return no(
            "link.expired", "This link has expired. Ask the person who sent it for a new one."
        )
    return yes("link.usable")


def may_show(link: LinkFacts, *, again: bool) -> Verdict:
    """Say whether a browser that opens a usable link is shown its offer: the first one, and that one again."""
    if link.opened and not again:
        return no(
            "link.opened_elsewhere",
            "This was opened on another phone or computer. Ask the person who sent it"
            " for a new one.",
        )
    return yes("link.first")


def may_answer(by: Actor, link: LinkFacts, *, at: datetime) -> Verdict:
    """As `may_use`; and nobody answers what they have not looked at."""
    use = may_use(by, link, at=at)
    if not use.allowed:
        return use
    if not link.opened:
        return no("link.unopened", "Open the link and read the call's information first.")
    return yes("link.answerable")


def may_receive(by: Actor, link: LinkFacts, *, at: datetime) -> Verdict:
    """Say whether `by` is the guest who accepted by this link, and it is not too old."""
    if by.code != f"{GUEST}{link.id}":
        return no("link.not_yours", "Only the person who was given this link can open it.")
    if link.answered != "accepted":
        return no("link.not_accepted", "Accept the transfer first.")
    if at >= link.expires_at:
        return no(
            "link.expired", "This link has expired. Ask the person who sent it for a new one."
        )
    return yes("link.receives")


def _fresh(found: Found, *, at: datetime) -> bool:
    return found.ended_at is None and found.answered_at is None and at < found.expires_at
