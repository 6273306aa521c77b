"""The look at known holes says what it found, and never passes over what it could not ask."""

import json

import pytest

from tests import audit

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
HOLED = {
    "name": "requests",
    "version": "2.0.0",
    "vulns": [{"id": "GHSA-x", "fix_versions": ["2.1.0"], "aliases": [], "description": ""}],
}
SKIPPED = {"name": "ours", "skip_reason": "nobody knows it"}


def said(*rows: object, broken: str | None = None) -> tuple[int, list[str]]:
    lines: list[str] = []
    output = json.dumps({"dependencies": rows}) if broken is None else broken
    return audit.audit(lambda _file: output, lines.append), lines


def test_without_a_hole_it_passes_and_says_of_how_many() -> None:
    assert said(CLEAN) == (0, [f"{file}.txt: 1 libraries were asked about" for file in audit.FILES])


def test_a_hole_fails_with_the_version_that_mends_it() -> None:
    code, lines = said(CLEAN, HOLED, SKIPPED)

    assert code == audit.FOUND
    assert "run.txt: requests 2.0.0: GHSA-x, mended by 2.1.0" in lines


@pytest.mark.parametrize("broken", ["", "no network", "[]", '{"dependencies": []}', "null"])
def test_what_could_not_be_asked_is_not_run_and_does_not_pass(broken: str) -> None:
    code, lines = said(broken=broken)

    assert code == audit.NOT_RUN
    assert lines[0].startswith("not run: run.txt")


def test_a_library_that_nobody_knows_does_not_pass() -> None:
    assert said(CLEAN, SKIPPED)[0] == audit.NOT_RUN


def test_without_the_program_it_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ROOT", audit.ROOT / "nowhere")

    assert audit.asked("run") == ""
