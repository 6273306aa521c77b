"""A second reading of a disclosure table, which shares no line with ours.

It takes the file's own text: YAML read by another library, then each row in turn, with Python's `eval` of its
condition over plain names.
"""

from random import Random
from typing import Any

from ruamel.yaml import YAML

Line = dict[str, Any]


class Naive:
    def __init__(self, text: str) -> None:
        self.file: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
        self.everybody = [*self.file["kinds"], *self.file["recipients_only"]]
        for row in [*self.file["deny"], *self.file["allow"]]:
            row["condition"] = compile(
                row.get("needs") or row.get("unless") or "False", "row", "eval"
            )

    def answer(self, line: Line) -> Line:
        for row in self.file["deny"]:
            if self.matches(row, line) and not self.true(row, line):
                return said(row["id"])
        for row in self.file["allow"]:
            unsigned = row.get("settled") is False and row["id"] not in self.file["signed_off"]
            if not unsigned and self.matches(row, line) and self.true(row, line):
                return said(row["id"], row)
        return said("none")

    def matches(self, row: Line, line: Line) -> bool:
        return (
            line["data"] in row.get("data", [line["data"]])
            and line["purpose"] in row.get("purpose", [line["purpose"]])
            and self.named(row.get("from", "*"), line["from"], line)
            and self.named(row.get("to", "*"), line["to"], line)
        )

    def named(self, names: str | list[str], kind: str, line: Line) -> bool:
        if names == "*":
            return True
        if names == "same":
            return bool(line["from"] == line["to"])
        listed = [names] if isinstance(names, str) else names
        return any(kind == each or kind in self.file["groups"].get(each, []) for each in listed)

    def true(self, row: Line, line: Line) -> bool:
        names = {fact: line.get(fact, False) for fact in self.file["facts"]}
        names |= {"data": line["data"], "to": line["to"], "purpose": line["purpose"]}
        return bool(eval(row["condition"], {"__builtins__": {}}, names))

    def lines(self, seed: int, many: int) -> list[Line]:
        """Disclosures by chance: most in the scope of a row, half of them with the facts that it names."""
        chance = Random(seed)
        return [self.line(chance) for _ in range(many)]

    def line(self, chance: Random) -> Line:
        row = chance.choice([*self.file["allow"], *self.file["allow"], *self.file["deny"]])
        line = {
            "data": chance.choice(row.get("data", list(self.file["data"]))),
            "from": self.one(chance, row.get("from", "*"), self.file["kinds"]),
            "purpose": chance.choice(row.get("purpose", self.file["purposes"])),
        }
        line["to"] = (
            line["from"]
            if row.get("to") == "same"
            else self.one(chance, row.get("to", "*"), self.everybody)
        )
        if chance.random() < 0.15:
            line["data"] = chance.choice(list(self.file["data"]))
        if chance.random() < 0.15:
            line["to"] = chance.choice(self.everybody)
        if chance.random() < 0.15:
            line["purpose"] = chance.choice(self.file["purposes"])
        named = [fact for fact in self.file["facts"] if fact in row["condition"].co_names]
        for fact in self.file["facts"]:
            if chance.random() < (0.5 if fact in named else 0.07):
                line[fact] = chance.random() < 0.9
        return line

    def one(self, chance: Random, names: str | list[str], known: list[str]) -> str:
        if names == "*":
            return chance.choice(known)
        one = chance.choice([names] if isinstance(names, str) else names)
        return chance.choice(self.file["groups"].get(one, [one]))


def said(id: str, row: Line | None = None) -> Line:
    return {
        "allowed": row is not None,
        "row": id,
        "fields": sorted(row["fields"]) if row else [],
        "duties": sorted(row["duties"]) if row else [],
    }
