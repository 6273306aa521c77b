"""Actors that are not people. Each acts for one program, and its code names it in the journal."""

from uuid import UUID

from nowrongdoor.agencies.facts import Role
from nowrongdoor.kernel.actor import Actor


def system(*, program_id: UUID, agency_id: UUID, code: str) -> Actor:
    """The machinery acting for one program: `timer`, `import`, `sandbox`, `live`."""
    return Actor(code=code, agency_id=agency_id, program_id=program_id, role=Role.MACHINE.value)


def for_audience(*, agency_id: UUID, program_id: UUID, role: str, language: str) -> Actor:
    """Whoever looks from this position: what a live row is drawn for. Nobody's name, nobody's id."""
    return Actor(
        code="live", agency_id=agency_id, program_id=program_id, role=role, language=language
    )
