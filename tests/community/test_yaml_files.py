"""YAML 1.2 by libyaml: the same values as a second reader has, the line of each key, and no key twice."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from nowrongdoor.community.yaml_files import DEEPEST, BadYaml, YamlDocument
from tests.conftest import ROOT

FILES = sorted([*ROOT.glob("communities/**/*.yaml"), *ROOT.glob("profiles/**/*.yaml")])
PLAIN = [
    "yes", "no", "on", "off", "y", "N", "true", "False", "TRUE", "~", "null", "Null", "''",
    "12:30", "1:30:00", "08:00", "010", "0o10", "0x1F", "-7", "+7", "0", "1.5", "-.5", "1.", "1e3",
    "1.5e-3", ".inf", "-.Inf", ".nan.", "1.2.3", "1a", "a1", "0b", "2026-11-29", "'no'", '"1"',
]  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_reads_as_a_second_reader_reads_it(file: Path) -> None:
    assert YamlDocument(file.read_bytes()).value == YAML(typ="safe", pure=True).load(file)


@pytest.mark.parametrize("plain", PLAIN)
def test_a_plain_word_is_what_version_1_2_says(plain: str) -> None:
    ours = YamlDocument(f"key: {plain}").value["key"]
    theirs = YAML(typ="safe", pure=True).load(f"key: {plain}")["key"]

    assert (ours, type(ours)) == (theirs, type(theirs))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: 2\na: 3", 3),
        ('a: 1\n"a": 2', 2),
        ("- {x: 1,\n   x: 2}", 2),
        ("1: a\n01: b", 2),
        ("a: [1\nb: 2", 2),
        ("a: 1\n---\nb: 2", 2),
        ("a: *nobody", 1),
        ("a: !!python/object:os.x {}", 1),
        ("a: 2026-13-45", 1),
        ("a: \0", 1),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), 1),
        ("[" * 200_000, 1),
        ("- " * 200_000, 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadYaml) as bad:
        YamlDocument(text)

    assert bad.value.line == line
    assert bad.value.because


def test_an_anchor_merges_and_what_stands_beside_it_wins() -> None:
    text = "base: &base {a: 1, b: 2}\nmine:\n  <<: *base\n  b: 3"

    assert YamlDocument(text).value["mine"] == {"a": 1, "b": 3}


def test_each_key_has_its_line() -> None:
    document = YamlDocument("rows:\n- code: a\n  name: {en: x,\n    es: y}\n- code: b\n")

    lines = [
        document.line(path)
        for path in (
            ["rows"],
            ["rows", 0],
            ["rows", 0, "name", "es"],
            ["rows", 1, "code"],
            ["rows", 1, "absent"],
            ["rows", 7],
            [],
        )
    ]

    assert lines == [1, 2, 4, 5, 5, 1, 1]
