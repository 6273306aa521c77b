"""The language of conditions, and the mistakes a protocol's file can make: each named where it is."""

from pathlib import Path

import pytest

from nowrongdoor.community.files import BadCommunity
from nowrongdoor.kernel.conditions import (
    Always,
    BadCondition,
    Compare,
    Either,
    Every,
    Language,
    Negated,
    holds,
    parse,
    written,
)
from nowrongdoor.triage.conditions import call_in_words, compiled, in_words
from nowrongdoor.triage.reading import LONGEST, read, read_text
from tests.conftest import ROOT

FILE = ROOT / "communities/tucson/protocol.yaml"
SMALL = (Path(__file__).parent / "small.yaml").read_text()
TUCSON = read(FILE)
VALUES = {"MED": ("Y", "N", "U"), "SI": ("none", "passive", "active", "U")}
WORDS = Language(VALUES)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("True", Always()),
        ('MED=="Y"', Compare("MED", ("Y",), among=True)),
        ("MED != 'N'", Compare("MED", ("N",), among=False)),
        ('SI in ("active", "U")', Compare("SI", ("active", "U"), among=True)),
        ('SI not in ("none",)', Compare("SI", ("none",), among=False)),
        ('not MED=="Y"', Negated(Compare("MED", ("Y",), among=True))),
        (
            'MED=="Y" or SI=="U"\n  and MED!="N"',
            Either((
                Compare("MED", ("Y",), among=True),
                Every((Compare("SI", ("U",), among=True), Compare("MED", ("N",), among=False))),
            )),
        ),
    ],
)  # fmt: skip
def test_a_condition_is_read_and_written_again(text: str, tree: object) -> None:
    read = parse(text, WORDS)

    assert read == tree
    assert parse(written(read), WORDS) == tree


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('PULSE=="Y"', "There is no question PULSE."),
        ('MED=="yes"', 'MED is never "yes"; it takes Y, N, U.'),
        ('SI in ("active","Y")', 'SI is never "Y"; it takes none, passive, active, U.'),
        ('SI in ("active")', 'After SI in, write the values in brackets: ("a","b"), or ("a",) for one.'),
        ('SI in ["active"]', "After SI in, write the values in brackets"),
        ("SI in ()", "After SI in, write the values in brackets"),
        ('SI in ("U","U")', "SI is compared with the same value twice."),
        ('MED>"N"', "MED is compared in a way the language has not."),
        ('MED is "N"', "MED is compared in a way the language has not."),
        ("MED==SI", "MED is compared with SI, not with a value."),
        ("MED==1", "MED is compared with 1, not with a value."),
        ('MED=="Y"=="Y"', "is not part of the language."),
        ('"Y"==MED', "is not part of the language."),
        ("MED", "MED is not part of the language."),
        ("False", "False is not part of the language."),
        ("1", "1 is not part of the language."),
        ('__import__("os").system("true")', "is not part of the language."),
        ('[x for x in MED] == "Y"', "is not part of the language."),
        ('MED=="Y" if True else True', "is not part of the language."),
        ('MED=="Y" &', "This cannot be read: "),
        ("", "This cannot be read: "),
        ('MED=="Y\0"', "This cannot be read"),
        ("(" * 300 + 'MED=="Y"' + ")" * 300, "This cannot be read: too many nested parentheses."),
        ("not " * 40 + 'MED=="Y"', "The brackets go too deep to be read"),
        ('MED=="Y" or ' * 300 + "True", "This is longer than 2000 characters"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(BadCondition) as bad:
        parse(text, WORDS)

    assert str(bad.value).startswith(told) or told in str(bad.value)


@pytest.mark.parametrize(
    ("text", "true_of"),
    [
        ("True", {"none", "passive", "active", "U"}),
        ('SI=="U"', {"U"}),
        ('SI!="U"', {"none", "passive", "active"}),
        ('SI not in ("none","U")', {"passive", "active"}),
        ('not (SI=="none" or SI=="U")', {"passive", "active"}),
        ('SI!="none" and SI!="U"', {"passive", "active"}),
    ],
)
def test_a_condition_is_true_of_these_values(text: str, true_of: set[str]) -> None:
    condition = parse(text, WORDS)

    assert {value for value in VALUES["SI"] if holds(condition, {"SI": value})} == true_of


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ('SI=="active"', "en", "are they having thoughts of suicide: thinks of killing themselves"),
        ('TALK!="Y" and MED=="Y"', "en", None),
        ('TALK!="Y"', "en", "can the person be reached, and will they communicate with a counselor in any way: voice, text, relay or interpreter: no or not known"),
        ('TALK!="Y"', "es", "se puede contactar a la persona, y se comunicará con un consejero de algún modo: voz, texto, relevo o intérprete: no o no se sabe"),
        ('SI!="none"', "es", "tiene pensamientos de suicidio: quisiera no estar aquí, piensa en quitarse la vida o no se sabe"),
        ('not POL=="Y"', "en", "not (does the caller insist on police: yes)"),
        ('(POL=="Y" or PLAN=="U") and TIME=="now"', "es",
         "(insiste quien llama en la policía: sí; o ha pensado cómo lo haría: no se sabe); y cuándo sería: ahora"),
        ("True", "es", "siempre"),
        ("True", "fr", "always"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(text: str, language: str, words: str | None) -> None:
    values = {question.id: question.values for question in TUCSON.questions}

    said = in_words(parse(text, Language(values)), TUCSON.by_id, language)

    assert said == words if words else "; and " in said


def test_a_call_is_told_by_what_is_not_benign() -> None:
    call = {**TUCSON.benign, "REL": "family", "PLAN": "U"}

    assert call_in_words(TUCSON, call) == (
        "Who is calling: a family member; have they worked out how: not known."
    )
    assert call_in_words(TUCSON, TUCSON.benign) == "Every answer is benign."
    assert "no se ha preguntado" in call_in_words(TUCSON, {}, "es")
    assert "no se sabe" in call_in_words(TUCSON, {"MED": "U"}, "es")


def test_a_protocol_is_compiled_once() -> None:
    assert compiled(TUCSON) is compiled(TUCSON)
    assert compiled(read(FILE)) is not compiled(TUCSON)


@pytest.mark.parametrize(
    ("old", "new", "key", "told"),
    [
        ("protocol: small-town", "protocoll: small-town", "protocoll", "nothing is called that here"),
        ("status: draft", "status: final", "status", "this is 'draft'"),
        ('level: "2", if', "level: 2, if", "levels.2.level", "this is 'E'"),
        ('level: "2", if', 'level: "5", if', "levels.2.level", "this is 'E'"),
        ("id: A3,", "id: A2,", "levels.2", "A2 stands here twice"),
        ("id: look,", "id: go,", "duties.1", "go stands here twice"),
        ("id: I2,", "id: I1,", "invariants.1", "I1 stands here twice"),
        ("id: S2,", "id: S1,", "stories.1", "S1 stands here twice"),
        ("id: NEAR,", "id: HURT,", "questions.2", "HURT stands here twice"),
        ("id: NEAR,", "id: near,", "questions.2.id", "this is not written as it must be"),
        ("if: 'HURT!=", "if: 'PAIN!=", "levels.0.if", "There is no question PAIN."),
        ('MOOD in ("lost","U")', 'MOOD in ("lost","V")', "levels.1.if", 'MOOD is never "V"; it takes calm, sad, lost, U.'),
        ("if: 'NEAR==", "if: 'NEAR>", "duties.1.if", "NEAR is compared in a way the language has not."),
        ("when: 'HURT==\"Y\"'", "when: 'HURT'", "invariants.0.when", "HURT is not part of the language."),
        ('benign: "Y", ask_when', 'benign: "X", ask_when', "questions.2.benign", "NEAR is never X"),
        ("  values: [calm, sad, lost, U]", "  values: [calm, sad, lost]", "questions.3.values", "MOOD may be asked in vain: it needs the value U"),
        ("  values: [calm, sad, lost, U]", "  values: [calm, sad, sad, lost, U]", "questions.3.values", "MOOD has a value twice"),
        ("  values: [calm, sad, lost, U]", "  values: [calm, sad, lost, wild, U]", "questions.3.says", "MOOD does not say in words what wild is"),
        ("lost: {en: lost, es: perdida}}", "lost: {en: lost, es: perdida}, odd: {en: o, es: o}}", "questions.3.says.odd", "MOOD is never odd"),
        ("benign: self, ", "", "questions.1", "a list of values needs its benign one"),
        ("values: [self, other], ", "values: [self, other], type: ynu, ", "questions.1", "give either type: ynu or values, not both"),
        ("external: true", "external: true, always: true", "questions.4", "what the community's settings answer is never asked"),
        ("es: en calma}", "fr: calme}", "questions.3.says.calm", "not said in es"),
        ("es: herida}", "fr: blessé}", "levels.0.says", "not said in es"),
        ("es: mirar}", "fr: regarder}", "duties.1.says", "not said in es"),
        ("es: La despachadora}", "fr: La régulatrice}", "approvers.1.name", "not said in es"),
        ("ask_when: 'WHO==\"other\"'", "ask_when: 'MOOD==\"sad\"'", "questions.3.ask_when", "these ask for each other: MOOD, NEAR, MOOD"),
        (', X: {standard: true}', "", "responses.levels", "no response is written for level X"),
        ("{go: {ems: staged", "{gone: {ems: staged", "responses.duties.gone", "no such duty: gone"),
        ("{go: {ems: staged", "{go: {ems: fast", "responses.duties.go.ems", "this is 'none'"),
        ("duty_any: [go]", "duty_any: [stay]", "invariants.1.duty_any", "no such duty: stay"),
        (", duty_any: [go]", "", "invariants.1", "an invariant wants one of"),
        ("text: \"whoever", "id: \"whoever", "draft.yaml", "is written twice here"),
        ("answers: {MOOD: sad}", "answers: {MUD: sad}", "stories.2.answers.MUD", "there is no question MUD"),
        ("answers: {MOOD: sad}", "answers: {MOOD: bad}", "stories.2.answers.MOOD", "MOOD is never bad"),
        ("rule: A3, response: none / none / line}\n- {id: S4", "rule: A7, response: none / none / line}\n- {id: S4", "stories.2.rule", "no such level rule: A7"),
        ("duties: [look]", "duties: [tea]", "stories.3.duties", "no such duty: tea"),
        ("approvers:", "approvers: [", "draft.yaml", "expected"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(old: str, new: str, key: str, told: str) -> None:
    assert old in SMALL

    with pytest.raises(BadCommunity) as bad:
        read_text(SMALL.replace(old, new, 1), "draft.yaml")

    found = {each.key: each for each in bad.value.problems if told in each.because}
    assert key in found, bad.value.problems
    assert found[key].file == "draft.yaml"
    changed = SMALL[: SMALL.index(old)].count("\n") + 1
    assert abs(found[key].line - changed) <= (5 if "says" in key or "ask_when" in key else 1)


def test_the_small_protocol_reads_clean() -> None:
    protocol = read_text(SMALL, "small.yaml")

    assert (protocol.id, protocol.version, len(protocol.levels)) == ("small-town", "2.0", 4)
    assert protocol.by_id["HURT"].says["U"] == {"en": "not known", "es": "no se sabe"}


def test_all_mistakes_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = SMALL.replace("if: 'HURT!=", "if: 'PAIN!=").replace(
        "rule: A3, response: none / none / line}\n- {id: S4",
        "rule: A7, response: none / none / line}\n- {id: S4",
    )
    text = text.replace('"NEAR==', '"FAR==').replace("duty_any: [go]", "duty_any: [stay]")

    with pytest.raises(BadCommunity) as bad:
        read_text(text, "draft.yaml")

    assert [each.key for each in bad.value.problems][:3] == [
        "levels.0.if",
        "invariants.1.duty_any",
        "stories.2.rule",
    ]
    first = bad.value.problems[0]
    assert text.splitlines()[first.line - 1].startswith("- {id: A1")
    assert str(first) == f"draft.yaml, line {first.line}, levels.0.if: There is no question PAIN."


@pytest.mark.parametrize("text", ["", "[]", "just words", "a: &a [*a]", "\t", "x" * (LONGEST + 1)])
def test_text_that_is_no_protocol_is_refused(text: str) -> None:
    with pytest.raises(BadCommunity):
        read_text(text, "draft.yaml")


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadCommunity, match="this file is missing"):
        read(tmp_path / "none.yaml")
    with pytest.raises(BadCommunity, match="it is not text in UTF-8"):
        read(tmp_path / "bytes.yaml")
