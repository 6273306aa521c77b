"""What stands in a file: one bad line never reaches the next, and what is wrong is said with its cause."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.community.files import BadCommunity
from nowrongdoor.exchange import profiles, reading, team_profiles, team_rows
from nowrongdoor.exchange.facts import Line
from nowrongdoor.kernel.text import folded
from nowrongdoor.kernel.verdict import BadInput
from tests.exchange import test_teams as teams
from tests.exchange.phx import AT, HEAD, a_file, a_line, a_profile, import_, read

SOUND = [a_line("S-1"), a_line("S-2", Type="WELFARE CHECK"), a_line("S-3")]
CELLS = ("No", "Type", "Agency", "How", "Dispo", "Received", "Arrived", "Closed")
HARD = [
    "\0", "9999-12-31 23:59:59", "0001-01-01", "1900-01-01 00:00:00", "1753-01-01 00:00:00", "2026-11-01 01:30:00",
    '"', '""', '"MENTAL "NICK" SUBJ"', '"open', "a\nb", "\r", ",", ";", "\u200b", "\u202e", "\ufeff", "x" * 5000, "NULL",
    "24:00", "2026-W47-5", "2026-11-20T10:00:00+99:00", "2026-11-20 10:00:00+14:00", "٢٠٢٦-11-20 10:00:00", "=1+1", "%", ":",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59+00:00",
]  # fmt: skip
TEXTS = st.text() | st.sampled_from(HARD) | st.text(alphabet='",\r\n;\t 0123456789-:', max_size=40)


VISITS = team_profiles.read(teams.PROFILE)


def entered(lines: list[Line]) -> set[str]:
    return {line.contact.external_ref for line in lines if line.contact is not None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def test_each_hard_text_in_each_column_stops_no_other_line(tmp_path: Path) -> None:
    bad = [a_line(f"B-{n}") | {column: text} for column in CELLS for n, text in enumerate(HARD)]
    visits = [
        teams.a_row(ID=f"B-{n}") | {column: text}
        for column in teams.HEAD
        for n, text in enumerate(HARD)
    ]
    ends = [teams.a_row(ID=f"T-{n}") for n in (1, 2)]

    lines = read(tmp_path, SOUND[0], *bad, *SOUND[1:])
    file = teams.a_file(tmp_path, ends[0], *visits, ends[1])
    seen = list(team_rows.lines(file, VISITS, at=AT))

    assert {"phx:S-1", "phx:S-2", "phx:S-3"} <= entered(lines)
    assert {"lane-county-or:T-1", "lane-county-or:T-2"} <= entered(seen)


@given(
    st.sampled_from(CELLS),
    TEXTS,
)
def test_any_text_in_any_cell_stops_no_other_line(folder: Path, column: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()

    lines = read(folder, SOUND[0], a_line("BAD") | {column: text}, *SOUND[1:])

    assert {"phx:S-1", "phx:S-2", "phx:S-3"} <= entered(lines)


@given(st.sampled_from(teams.HEAD), TEXTS)
def test_nor_in_a_file_of_visits(folder: Path, column: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    rows = [teams.a_row(ID="T-1"), teams.a_row(ID="BAD") | {column: text}, teams.a_row(ID="T-2")]

    lines = list(team_rows.lines(teams.a_file(folder, *rows), VISITS, at=AT))

    assert {"lane-county-or:T-1", "lane-county-or:T-2"} <= entered(lines)


@given(st.binary(max_size=60).filter(lambda raw: not {10, 13} & {*raw}), st.integers(0, 11))
def test_any_bytes_between_two_separators_stop_no_other_line(
    folder: Path, raw: bytes, place: int
) -> None:
    """As a program writes it that knows nothing of quotes."""
    cells = [each.encode() for each in a_line("BAD").values()]
    cells[place] = raw

    lines = read(folder, SOUND[0], b",".join(cells), *SOUND[1:])

    assert {"phx:S-1", "phx:S-2", "phx:S-3"} <= entered(lines)


@pytest.mark.usefixtures("db")
def test_what_no_database_keeps_stops_no_other_line(tmp_path: Path) -> None:
    """Every hard text in every column, in one file, through the database and back."""
    texts = [
        "\0", "\u200b", "9999-12-31 23:59:59", "1900-01-01 00:00:00", "0001-01-01 00:00:00", "x" * 5000, "\ud83d\ude00"
        .encode("utf-16", "surrogatepass").decode("utf-16"), "' OR 1=1", "\x1f", "{}", "\\", "%s",
    ]  # fmt: skip
    bad = [
        a_line(f"B-{place}-{n}") | {column: f"{text}" if column != "No" else f"B-{n}-{text}"}
        for place, column in enumerate(CELLS)
        for n, text in enumerate(texts)
    ]

    report = import_(tmp_path, SOUND[0], *bad, *SOUND[1:])
    again = import_(tmp_path, SOUND[0], *bad, *SOUND[1:])

    assert report.in_file.total() == len(bad) + 3
    assert report.entered.total() + report.rejected.total() + report.known.total() == len(bad) + 3
    assert report.entered["behavioral"] > 2
    assert (again.entered.total(), again.completed.total()) == (0, 0)


@pytest.mark.parametrize(
    ("line", "column", "because"),
    [
        ('Q-2,"MENTAL "NICK" SUBJ",POLICE,E911,NR,2026-11-20 10:00:00,,,,,,', "", "a quotation mark stands within a quoted text"),
        ('Q-2,"MENTAL SUBJ,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,', "", "a quotation mark opens a text here that does not close"),
        ("C-7,MENTAL,POLICE,E911,NR,2026-11-20 10:00:00", "", "it has 6 cells of 12"),
        ("C-8,MENTAL, SUBJECT,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,X", "", "it has 13 cells under 12 headings"),
        (b"C-9,MENTAL SUBJECT \xd1,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,", "Type", "this is not utf-8; it may be windows-1252: the profile's encoding"),
        ("x" * 101 + ",MENTAL,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,", "No", "this is too long for a number"),
        ("N-1,MENTAL,POLICE,E911,NR,11/20/2026 10:00:00 PM,,,,,,", "Received", "this is not a time; it looks like %m/%d/%Y %I:%M:%S %p: say times"),
        ("N-1,MENTAL,POLICE,E911,NR,1970-01-01 00:00:00,,,,,,", "Received", "this is a date alone, or a placeholder, and no time"),
        ("N-1,MENTAL,POLICE,E911,NR,9999-12-31 23:59:59,,,,,,", "Received", "This time is in the future."),
        ("N-1,MENTAL,POLICE,E911,NR,2026-11-20 10:00:00,,,,2036-11-20 10:20:00,,", "Arrived", "This time is in the future."),
        ("N-1,MENTAL,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,9999-12-31 00:00:00", "Closed", "This time is in the future."),
        ("N-1,MENTAL,POLICE,E911,NR,2026-11-29 10:00:00,,,,2026-11-30 20:00:00,,", "Arrived", "This time is in the future."),
        ("N-1,MENTAL,POLICE,E911,NR,2006-11-20 10:00:00,,,,,,2026-11-20 11:00:00", "Closed", "this is more than 240 hours after it was received"),
        ("N-1,MENTAL,POLICE,E911,NR,2026-11-20 10:00:00,,,,2026-11-20 10:20:00,,2026-11-20 10:15:00", "Closed", "this is earlier than the stage before it"),
    ],
)  # fmt: skip
def test_a_bad_line_is_a_reject_with_its_cause(
    tmp_path: Path, line: str | bytes, column: str, because: str
) -> None:
    first, bad, last = read(tmp_path, SOUND[0], line, SOUND[2])

    assert first.contact
    assert last.contact
    assert (bad.number, bad.contact, bad.reject and (bad.reject.column, bad.reject.because)) == (
        3, None, (column, because),
    )  # fmt: skip


def test_two_quotation_marks_that_were_never_meant_swallow_no_line_between(tmp_path: Path) -> None:
    opens = 'Q-5,"MENTAL,POLICE,E911,NR,2026-11-20 10:00:00,,,,,,'
    closes = 'Q-9,X",POLICE,E911,NR,2026-11-20 10:00:00,,,,,,'
    cut = 'Q-7,"MENTAL'

    for first in (opens, cut):
        lines = read(tmp_path, first, *SOUND, closes)
        assert {"phx:S-1", "phx:S-2", "phx:S-3"} <= entered(lines)
        assert lines[0].reject


def test_what_nobody_reads_stops_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    long, wild = f'"{"x" * 131_073}"', b"\xff\x00\xd1".decode("utf-8", "surrogateescape")
    rows = [",".join([*a_line(f"W-{n}").values(), text]) for n, text in enumerate((long, wild))]
    text = "\r\n".join([f"{HEAD},Narrative", *rows])
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    assert len(entered(list(reading.lines(file, profiles.read(a_profile(tmp_path)), at=AT)))) == 2


def test_words_are_compared_folded(tmp_path: Path) -> None:
    kinds = (
        "mental subject",
        "MENTAL\r\nSUBJECT",
        "M\u00c9NTAL\u00a0 SUBJECT",
        "MEN\u200bTAL",
        "ＭＥＮＴＡＬ",
    )
    lines = read(tmp_path, *(a_line(f"G-{n}", Type=kind) for n, kind in enumerate(kinds)))
    twice = read(tmp_path, a_line("P26-1"), a_line(" p26\u200b-1 "))

    assert [line.group for line in lines] == ["behavioral"] * len(kinds)
    assert (len(entered(twice)), twice[1].same) == (1, 2)
    assert folded("\u00a0Éa \n\u200bB") == "ea b"


@pytest.mark.parametrize(
    ("content", "rule", "said"),
    [
        (f"{HEAD},Received\n", "file.columns_twice", "more than one column Received"),
        (HEAD.replace(",", ";") + "\n", "file.separator", "semicolons"),
        (HEAD.replace(",", "\t") + "\n", "file.separator", "tabs"),
        (f"sep=,\n{HEAD}\n", "file.header_line", "Line 2 has: say header_line"),
        (f"Calls of a month\n\n{HEAD}\n", "file.header_line", "Line 3 has: say header_line"),
        (HEAD.replace("Closed", "Ended") + "\n", "file.columns", "no column Closed"),
        ("", "file.columns", "no column Agency"),
        (f"{HEAD}\n".encode("utf-16"), "file.encoding", "looks like UTF-16"),
        (f"{HEAD}\n".encode("utf-16-le"), "file.encoding", "looks like UTF-16"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_cause(
    tmp_path: Path, content: str | bytes, rule: str, said: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(BadInput, match=said) as refusal:
        list(reading.lines(file, profiles.read(a_profile(tmp_path)), at=AT))

    assert refusal.value.verdict.rule == rule


@pytest.mark.usefixtures("db")
def test_where_no_time_can_be_read_the_first_line_and_the_cause_are_said(tmp_path: Path) -> None:
    rows = [a_line(f"T-{n}", Received=f"11/2{n}/2026 10:00") for n in range(3)]

    with pytest.raises(BadInput, match=r"line 2, column Received: .*%m/%d/%Y %H:%M: say times"):
        import_(tmp_path, *rows)


def test_a_profile_says_how_its_file_is_written(tmp_path: Path) -> None:
    profile = a_profile(
        tmp_path,
        ("", 'separator: ";"\nencoding: windows-1252\nheader_line: 2'),
        ("", 'times: ["%d.%m.%Y %H:%M", iso]\nmissing: [NULL, n/a]\nends: 2026-12-31'),
    )
    file = tmp_path / "cad.csv"
    head = HEAD.replace("Type", " TYPE ").replace(",", ";")
    rows = "E-1;MENTAL \xd1;n/a;E911;NULL;20.11.2026 10:00;NULL;;2026-11-20 10:09:00;;;9999-12-31 23:59:59"
    file.write_bytes(f"Export\r\n{head}\r\n{rows}\r\n".encode("windows-1252"))

    [line] = reading.lines(file, profiles.read(profile), at=AT)

    assert line.contact is not None
    assert (line.number, line.contact.class_code) == (3, "psych_distress")
    assert [f"{at:%H:%M}" for at in line.known.values()] == ["17:00", "17:09"]
    assert line.missing == ("closed_at",)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('times: ["%H:%M"]', "times"),
        ('times: ["%Y-%m-%d %I:%M"]', "times"),
        ("encoding: klingon", "encoding"),
        ("begins: 1900-01-01", "begins"),
        ('separator: "x"', "separator"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(BadCommunity, match=said):
        profiles.read(a_profile(tmp_path, ("", more)))
