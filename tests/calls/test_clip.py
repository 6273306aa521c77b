"""The clip: what is read of a CAD's text, what is never taken of it, and the line that goes back."""

import json
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nowrongdoor.calls import clip
from nowrongdoor.calls.clip import Clip, RemarkStep, What, from_query, from_text, remark
from nowrongdoor.calls.clip_schema import FIELDS, Profile
from nowrongdoor.calls.forms import CallForm
from nowrongdoor.community.files import BadCommunity
from nowrongdoor.community.yaml_files import YamlDocument
from nowrongdoor.kernel.verdict import BadInput
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/clip.yaml"
PROFILE = clip.read_profile(FILE)
CALL = {"number": "P26-0451", "place": "123 1/2 E SPEEDWAY BLVD UNIT 4", "callback": "(520) 555-0101", "nature": "SUICIDAL SUBJECT", "name": "Sue Ann"}  # fmt: skip
WHOLE = Clip(**CALL, class_code="suicide_threat")  # type: ignore[arg-type]
ZONE = "America/Phoenix"
AT = datetime(2026, 3, 2, 21, 2, tzinfo=UTC)


def taken(read: Clip) -> dict[str, str]:
    return {name: getattr(read, name) for name in FIELDS}


def values(read: Clip) -> str:
    return "\n".join(str(getattr(read, each.name)) for each in fields(read))


LAYOUTS = {
    "signs": "INC: {number}\nLOC: {place}\nCALLBACK: {callback}\nNATURE/TYPE: {nature}\nCALLER: {name}\n",
    "windows": "Incident No. = {number}\r\nAddress = {place}\r\nCB# {callback}\r\nProblem = {nature}\r\nName = {name}\r\n",
    "own lines": "INCIDENT\n{number}\nLOCATION\n{place}\nCALL BACK\n{callback}\nNATURE\n{nature}\nRP NAME\n{name}",
    "below": "INCIDENT:\n  {number}\nLOC:\n  {place}\nPHONE:\n  {callback}\nTYPE:\n  {nature}\nCALLER NAME:\n  {name}",
    "spaces": "Event   {number}\nLocation {place}\nPhone     {callback}\nNature    {nature}\nName      {name}",
    "dashes": "INC - {number}\nLOC - {place}\nCB - {callback}\nTYPE - {nature}\nRP - {name}",
    "tabs": "INC\t{number}\nLOC\t{place}\nCB\t{callback}\nTYPE\t{nature}\nNAME\t{name}\n",
    "tabs in one": "INC\t{number}\tBEAT\t12\tLOC\t{place}\tCB\t{callback}\tTYPE\t{nature}\tNAME\t{name}",
    "bars": "INC: {number}|LOC: {place}|CB: {callback}|TYPE: {nature}|RP: {name}",
    "bars as cells": "| INC | {number} | LOC | {place} | CB | {callback} | TYPE | {nature} | NAME | {name} |",
    "one line": "INC: {number} PRI: 2 LOC: {place} CB: {callback} TYPE: {nature} UNITS: 2A12 NAME: {name} REMARKS: x NAME: Y",
    "Spanish": "NÚMERO: {number}\nUBICACIÓN: {place}\nTELÉFONO: {callback}\nNATURALEZA: {nature}\nNOMBRE: {name}",
    "unseen": "INC\x00: {number}\u2028L\u200bOC: {place}\x0bCB:\x07 {callback}\x0cTYPE: {nature}\x85NAME:\ufeff {name}",
    "among others": "UNITS: 2A12\nBEAT: 12  INC: {number}\nBUS NAME: CIRCLE K\nLOC: {place}\n\nCB: {callback}\nTYPE: {nature}\nCALLER: {name}\nREMARKS: SAYS NAME: BOB",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_each_layout_gives_the_fields(layout: str) -> None:
    assert from_text(PROFILE, layout.format(**CALL)) == WHOLE


# no word of these is a label, a nature or noise
_WORD = st.text(st.sampled_from("QVXZÑÉ0123456789½"), min_size=1, max_size=8)
_WORDS = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)


@given(st.sampled_from(list(LAYOUTS.values())), st.fixed_dictionaries(dict.fromkeys(CALL, _WORDS)))
def test_what_was_written_is_read_back(layout: str, call: dict[str, str]) -> None:
    read = from_text(PROFILE, layout.format(**call))

    assert (taken(read), read.dropped, read.unread) == (call | {"language": ""}, 0, ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ADDRESS: 2 MAIN\nLOC: 1 MAIN", "1 MAIN"),  # by the profile's order, not the text's
        ("LOC: 1 MAIN UNIT #4", "1 MAIN UNIT #4"),
        ("FEMALE GAVE LOC: 1 MAIN", ""),  # a narrative is not searched
        ("LOC: 1 MAIN\nLOC: 2 MAIN", "1 MAIN"), ("LOC:\nADDRESS: 2 MAIN", "2 MAIN"), ("LOC: 1 MAIN\n     APT 4\nFEMALE CRYING", "1 MAIN APT 4"),
        ("LOC: 1 MAIN\nFEMALE CRYING", "1 MAIN"), ("  LOC: 1 MAIN\n  FEMALE CRYING", "1 MAIN"), ("LOC:\n\nFEMALE CRYING", ""),
        ("LOC: 1 MAIN APT: 4", "1 MAIN APT: 4"), ("LOC: 1 MAIN\t\tAPT  4", "1 MAIN APT 4"), ("LOC||CB|520", ""),
        ("LOCATION  TYPE: HOUSE", ""), ("LOCATION VERIFIED: YES", ""), ("LOC:\nCOLOR: RED", ""),
        ("LOC: 1 MAIN\n   APT 4|FEMALE", "1 MAIN APT 4"), ("LOC: 1 MAIN PH #4", "1 MAIN PH #4"), ("inc: 1 loc: 1 MAIN", "1 MAIN"),
        ("LOCATION TYPE: HOUSE", ""), ("LOCALE 5", ""), ("REMARKS: X LOC: 1 MAIN", ""),
        ("INC: 5 BUSINESS NAME: LOC: 1 MAIN", "1 MAIN"), ("", ""),
    ],
)  # fmt: skip
def test_where_a_value_begins_and_ends(text: str, place: str) -> None:
    assert from_text(PROFILE, text).place == place


def test_a_business_or_a_suspect_is_not_the_caller() -> None:
    text = "INC: 5 BUSINESS NAME: CIRCLE K\nLOC: 1 MAIN SUBJ NAME: DOE\nSUSPECT NAME: ROE"

    assert from_text(PROFILE, text).name == ""


def test_of_two_labels_at_one_place_the_longer_is_meant() -> None:
    assert from_text(PROFILE, "LOCATION  TYPE: HOUSE").nature == ""


@pytest.mark.parametrize(
    ("nature", "class_code"),
    [
        ("SUICIDAL SUBJECT", "suicide_threat"), ("Suicide - In Progress", "suicide_attempt"), ("ATT SUICIDE", "suicide_attempt"),
        ("ATT TO LOCATE SUICIDAL SUBJ", "suicide_threat"), ("NON-SUICIDAL", "psych_distress"), ("25A01", "psych_distress"),
        ("25-B-03", "suicide_threat"), ("OD", "overdose"), ("988 TRANSFER", "psych_distress"),
        ("Ménтal", ""), ("MÉNTAL SUBJ", "psych_distress"), ("MENTAL DISTURBANCE", "disturbance_bh"),
        ("MENTAL HEALTH PICK UP", "mh_transport_order"), ("ASSIST FIRE MENTAL", "assist_agency_mh"), ("TRESPASS / MENTAL", "trespass_bh"),
        ("FAMILY FIGHT PSYCH", "family_conflict_bh"), ("CHECK WELFARE", "welfare_check"), ("DRUNK SUBJ", "intoxicated"),
        ("NARC POSS", "drug_possession"), ("HOMELESS ENCAMPMENT", "encampment"), ("TRANSIENT", "homeless_assist"),
        ("MISSING ENDANGERED", "missing_at_risk"), ("LOUD MUSIC", ""), ("CKWELL", ""),
    ],
)  # fmt: skip
def test_a_nature_is_kept_and_its_class_is_known_or_not(nature: str, class_code: str) -> None:
    read = from_text(PROFILE, f"NATURE: {nature}")

    assert (read.nature, read.class_code) == (nature, class_code)
    assert "nature" not in read.unread


def test_every_class_of_the_profile_is_the_communitys() -> None:
    lists = YamlDocument(FILE.with_name("codes.yaml").read_bytes()).value
    [classes] = [each["values"] for each in lists if each["list"] == "incident_classes"]

    assert PROFILE.class_codes <= {each["code"] for each in classes}
    assert len(PROFILE.class_codes) > 10


SECRET = "ZQXJ"
NOISE = [
    "WARRANT", "warrants", "ＷＡＲＲＡＮＴ", "WÁRRANT", "WAR\x00RANT", "WAR\u200bRANT", "WAR\xadRANT", "WARR",
    "CRIMINAL HISTORY", "Criminal\tHistory", "CRIMINAL  HISTORY", "CRIM_HIST", "CRIM HX", "NCIC", "RTN_NCIC", "ACJIS",
    "NLETS", "CCH", "PRIOR ARRESTS", "CONVICTED FELON", "ON PAROLE", "SEX OFFENDER", "WANTED PERSON", "10-29", "III RETURN",
    "N.C.I.C.", "N C I C", "N/C/I/C", "N-C-I-C", "N_C_I_C", "n. c. i. c", "N.C.I.C", "NСIС", "ΝCΙC", "NC\u0406C",
    "WАRRАNТ", "W A R R A N T", "C.C.H.", "A C J I S", "D.L. RETURN", "I I I CHECK", "СRIМINАL HISTORY",
    "DL RETURN", "MKE/", "FBI NO", "ANTECEDENTES PENALES", "ORDEN DE APREHENSIÓN",
]  # fmt: skip
LABELS = ["INC", "LOC", "LOCATION", "CB", "NATURE", "NAME", "LANGUAGE"]


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("label", LABELS)
def test_criminal_justice_data_is_never_taken(noise: str, label: str) -> None:
    for line in (
        f"{label}: {SECRET} {noise}",
        f"{label}: {noise} {SECRET}",
        f"{noise}: {label}: {SECRET}",
        f"{label}:\t{noise}\t{label}\t{SECRET}",
        f"{label}\n{SECRET} {noise}",
        f"{noise}\n{SECRET}",
        f"{label}:|{noise}|{SECRET}",
    ):
        read = from_text(PROFILE, line)
        assert SECRET not in values(read), line
        assert read.dropped >= 1, line


_AROUND = st.lists(st.sampled_from([SECRET, *(f"{each}: " for each in LABELS), "\t", "  ", "x", ": "])).map("".join)  # fmt: skip
_NEAR = st.lists(st.sampled_from(["LOC:", "NAME", "CB: 520", "INC|1", "", "  x", "TYPE: OD", "NATURE\tOD"]))  # fmt: skip


@given(st.sampled_from(NOISE), _AROUND, _AROUND, _NEAR, _NEAR)
def test_a_line_with_noise_gives_nothing_wherever_it_stands(
    noise: str, left: str, right: str, above: list[str], below: list[str]
) -> None:
    read = from_text(PROFILE, "\n".join([*above, f"{left} {noise} {right}", *below]))

    assert SECRET not in values(read)
    assert read.dropped >= 1


@pytest.mark.parametrize(
    ("text", "read", "dropped"),
    [
        # what hangs on noise goes with it, up to the next label
        ("LOC: 1 MAIN\nREMARKS: HAS WARRANT OUT OF\n PHOENIX\nDOE JOHN\nCB: 520\nUNITS: 2A12\nSUE", {"place": "1 MAIN", "callback": "520"}, 3),
        ("LOC: 1 MAIN|WARRANT|FELONY ASSAULT|CB: 520", {"place": "1 MAIN", "callback": "520"}, 2),
        ("WARRANT\nDOE\n\nJOHN", {}, 2),
        # a return goes on to its end, whatever stands in it
        ("INC: 1\nNCIC RETURN\n\nNAME: DOE\nDOB: 1980\nEND OF RETURN\nLOC: 1 MAIN\nACJIS HIT\n\nCB: 520", {"number": "1", "place": "1 MAIN"}, 6),
        ("NCIC RETURN CLEAR END OF RETURN\nLOC: 1 MAIN", {"place": "1 MAIN"}, 1),
        # noise that only two lines together make
        ("NATURE: CRIMINAL\n    HISTORY", {}, 1),
    ],
)  # fmt: skip
def test_how_far_noise_reaches(text: str, read: dict[str, str], dropped: int) -> None:
    found = from_text(PROFILE, text)

    assert {name: value for name, value in taken(found).items() if value} == read
    assert found.dropped == dropped


@pytest.mark.parametrize("text", ["5 N WARREN AVE", "CRIMINAL DAMAGE", "JOHN DOE III", "FEMALE WANTS HELP"])  # fmt: skip
def test_what_only_looks_like_noise_is_read(text: str) -> None:
    assert from_text(PROFILE, f"LOC: {text}").place == text


_PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["\n", "|", "\t", ": ", "  ", "LOC", "NAME:", "CB", "NATURE\t", "INC#", "REMARKS:", "NCIC RETURN", "\ud800", "\x00"]),
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_gives_a_clip_that_can_be_stored(text: str) -> None:
    for read in (from_text(PROFILE, text), from_query(PROFILE, dict.fromkeys(["loc", "cb"], text))):
        for value in taken(read).values():
            value.encode()
            assert "\x00" not in value
            assert value == " ".join(value.split())
            assert len(value) <= 200
        empty = {name for name in FIELDS[:5] if not getattr(read, name)}
        assert {*read.unread, *dict(read.long), "name"} >= empty


def test_too_much_text_is_refused_and_not_cut() -> None:
    most = "LOC: 1 MAIN\n".ljust(20_000, "x")
    assert from_text(PROFILE, most).place == "1 MAIN"
    assert from_query(PROFILE, {"x": "x" * 19_999}).place == ""

    for read in (
        lambda: from_text(PROFILE, most + "x"),
        lambda: from_query(PROFILE, {"x": "x" * 20_000}),
    ):
        with pytest.raises(BadInput) as refusal:
            read()
        assert (refusal.value.field, refusal.value.verdict.rule) == ("clip", "clip.long")
        assert refusal.value.verdict.because == "At most 20000 characters."


@pytest.mark.parametrize(
    ("name", "label", "most"),
    [("number", "INC", 100), ("place", "LOC", 200), ("callback", "CB", 200), ("nature", "TYPE", 200), ("name", "NAME", 200), ("language", "LANG", 200)],
)  # fmt: skip
def test_a_field_too_long_is_left_out_and_named(name: str, label: str, most: int) -> None:
    fits, long = (from_text(PROFILE, f"{label}: {'9' * n}") for n in (most, most + 1))

    assert (getattr(fits, name), name in fits.unread) == ("9" * most, False)
    assert (getattr(long, name), name in long.unread) == ("", False)
    assert long.long == ((name, "9" * (most + 1)),)


def test_a_nature_too_long_has_no_class() -> None:
    assert from_text(PROFILE, f"NATURE: SUICIDAL {'9' * 200}").class_code == ""


def test_the_limits_are_the_forms() -> None:
    form = {"place": "place", "callback": "callback", "name": "name_given"}

    limits = {ours: CallForm.base_fields[theirs].max_length for ours, theirs in form.items()}  # type: ignore[attr-defined]

    assert limits == {ours: clip.MOST[ours] for ours in form}


def test_a_macro_fills_all_but_the_name() -> None:
    sent = {"inc": "P26-0451", "loc": "1 MAIN\nAPT 4", "cb": " 520\x00 ", "nature": "od", "lang": "es"}  # fmt: skip

    read = from_query(PROFILE, sent | {"name": "Sue", "caller": "Sue", "NAME": "Sue", "x": "y"})

    assert read == Clip(
        number="P26-0451", place="1 MAIN APT 4", callback="520", nature="od", language="es", class_code="overdose"
    )  # fmt: skip
    assert from_query(PROFILE, {}) == Clip(unread=("number", "place", "callback", "nature"))


def test_a_macro_sends_no_criminal_justice_data() -> None:
    read = from_query(PROFILE, {"loc": "1 MAIN\nWARRANT", "number": "1", "inc": " "})

    assert (read.number, read.place, read.dropped) == ("1", "", 1)
    assert "place" in read.unread


def a_profile(**over: object) -> dict[str, object]:
    tree: dict[str, object] = YamlDocument(FILE.read_bytes()).value
    return tree | over


def problems(tmp_path: Path, tree: dict[str, object]) -> list[str]:
    file = tmp_path / "clip.yaml"
    file.write_text(json.dumps(tree))  # which is YAML too
    with pytest.raises(BadCommunity) as refusal:
        clip.read_profile(file)
    return [f"{each.key}: {each.because}" for each in refusal.value.problems]


FIELD = {"labels": ["A"], "query": ["a"]}


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"noise": {"lines": ["NCIC"], "returns": ["CRIMINAL.HISTORY"]}}, "noise: this would be taken: WARRANT"),
        ({"noise": {"lines": ["WARRANT", "NCIC", "CRIMINAL HISTORY"], "returns": ["X"]}}, "taken: CRIMINAL_HISTORY"),
        ({"noise": {"lines": ["WARRANT|NCIC|CRIM"], "returns": []}}, "noise.returns: there are at least 1 of these"),
        ({"natures": {"(": "overdose"}}, "this is no regular expression"),
        ({"natures": {"OD": "Over Dose"}}, "natures.OD: this is not written as it must be"),
        ({"others": ["X*"]}, "others.0: this matches where nothing stands"),
        ({"surprise": 1}, "surprise: nothing is called that here"),
        ({"fields": {}}, "fields.number: this is missing"),
        ({"fields": dict.fromkeys(CALL, FIELD)}, "fields.name.query: nothing is called that here"),
        ({"fields": dict.fromkeys(CALL, FIELD) | {"name": {"labels": ["N"]}}}, "two fields read the parameter a"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, over: dict[str, object], said: str) -> None:
    assert said in "\n".join(problems(tmp_path, a_profile(**over)))


def test_a_profile_need_not_read_a_language() -> None:
    tree = a_profile()
    tree["fields"] = {k: v for k, v in tree["fields"].items() if k != "language"}  # type: ignore[attr-defined]

    assert "language" not in Profile.model_validate(tree).asked


def step(minute: int, what: What, program: str = "", name: str = "") -> RemarkStep:
    return RemarkStep(AT + timedelta(minutes=minute), what, program, name)


ANSWERED = [step(0, What.SENT, "crisis line"), step(1, What.ACCEPTED, "crisis line", "Maria Lopez"), step(5, What.OFF, "911")]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        (ANSWERED, "14:02 to crisis line, accepted MARIA 14:03, 911 off 14:07, T26-004183"),
        ([step(0, What.SENT, "Línea de crisis")], "14:02 to Linea de crisis, T26-004183"),
        ([step(0, What.DECLINED, "crisis line"), step(1, What.CLOSED)], "declined crisis line 14:02, closed 14:03, T26-004183"),
        ([step(0, What.RETURNED, "911", "Ana")], "returned to 911 14:02, T26-004183"),
        ([step(0, What.ACCEPTED, "line", "José-Łukasz Ñ")], "accepted JOSE-LUKASZ 14:02, T26-004183"),
        ([step(0, What.ACCEPTED, "line", "Strauß")], "accepted STRAUSS 14:02, T26-004183"),
        ([step(0, What.ACCEPTED, "line", "李")], "accepted line 14:02, T26-004183"),
        ([step(0, What.ACCEPTED)], "accepted 14:02, T26-004183"),
        ([step(0, What.SENT, "\x00{at}\n\t\x1b")], "14:02 to {at}, T26-004183"),
        ([step(0, What.SENT, "—")], "14:02 to -, T26-004183"),
        ([step(0, What.SENT, "")], "14:02 to ?, T26-004183"),
        ([step(0, What.SENT, "x" * 41)], f"14:02 to {'x' * 39}., T26-004183"),
        ([step(0, What.ACCEPTED, "", "x" * 21)], f"accepted {'X' * 19}. 14:02, T26-004183"),
        ([], "T26-004183"),
        (ANSWERED * 4, "14:02 to crisis line, ... 10 steps, 911 off 14:07, T26-004183"),
        ([step(n, What.SENT, "x" * 40) for n in (0, 1, 2, 3)], f"14:02 to {'x' * 40}, ... 2 steps, 14:05 to {'x' * 40}, T26-004183"),
    ],
)  # fmt: skip
def test_a_remark_says_what_happened(steps: list[RemarkStep], line: str) -> None:
    assert remark(steps, "T26-004183", zone_name=ZONE) == line


def test_nothing_is_left_out_that_fits() -> None:
    steps = [step(n, What.RETURNED, "x" * 40) for n in (0, 1, 2)]

    fits, long = (remark(steps, "N" * n, zone_name=ZONE) for n in (20, 21))

    assert (len(fits), "..." in fits) == (200, False)
    assert long.split(", ")[1:2] == ["... 1 step"]


_STEPS = st.builds(
    RemarkStep,
    st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(What),
    st.text(max_size=130),
    st.text(max_size=210),
)


@example([step(n, What.RETURNED, "x" * 99, "y" * 99) for n in range(9)], "N" * 40)
@given(st.lists(_STEPS, max_size=12), st.from_regex(r"[A-Z]{1,3}[0-9]{2}-[0-9]{6,34}", fullmatch=True))  # fmt: skip
def test_a_remark_always_fits_and_ends_in_the_number(steps: list[RemarkStep], number: str) -> None:
    line = remark(steps, number, zone_name=ZONE)

    assert len(line) <= 200
    assert line.isascii()
    assert line.isprintable()
    assert line.endswith(number)
    for end in (steps[:1], steps[-1:]):
        assert remark(end, number, zone_name=ZONE).removesuffix(number) in line


@pytest.mark.parametrize("number", ["", "x" * 41, "T26\n1", "Ñ1", " T26"])
def test_a_number_that_a_cad_cannot_show_is_a_bug(number: str) -> None:
    with pytest.raises(ValueError, match="no number of ours"):
        remark(ANSWERED, number, zone_name=ZONE)


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        remark([RemarkStep(datetime(2026, 3, 2), What.CLOSED)], "T26-1", zone_name=ZONE)


def test_a_remark_has_no_room_for_the_person() -> None:
    assert [each.name for each in fields(RemarkStep)] == ["at", "what", "program", "name"]


def test_the_clip_starts_without_any_framework() -> None:
    program = "import sys, nowrongdoor.calls.clip\nassert 'django' not in sys.modules, 'django'\n"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert done.returncode == 0, done.stderr
