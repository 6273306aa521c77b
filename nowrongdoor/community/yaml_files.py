"""YAML as its version 1.2 reads it, by libyaml, with the line of every key.

In 1.2 `no` and `on` are words, `12:30` is a text and `010` is ten. A key that is written twice is a
mistake: a later one would win without a word. `tests/community/test_yaml_files.py` reads the same
texts a second way.
"""

import re
from collections.abc import Sequence
from typing import Any

import yaml

DEEPEST = 100
"""Levels of nesting; a file of ours has eight. Building a value goes one call deeper for each."""
_TAG = "tag:yaml.org,2002:"
_PLAIN = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    "float": (
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
}


class BadYaml(Exception):  # noqa: N818 - it is an answer, not a fault
    """The text cannot be read. `line` counts from 1."""

    def __init__(self, line: int, because: str) -> None:
        super().__init__(because)
        self.line, self.because = line, because


class YamlDocument:
    """One text: its plain values, and where each of them is written. Errors: BadYaml."""

    def __init__(self, text: str | bytes) -> None:
        loader = _Loader(text)
        try:
            self._root = loader.get_single_node()
            _check_depth(self._root)
            self.value: Any = None if self._root is None else loader.construct_document(self._root)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise BadYaml(mark.line + 1 if mark else 1, str(error.problem)) from None
        except (yaml.YAMLError, ValueError, RecursionError):
            raise BadYaml(1, "it cannot be read as YAML") from None
        finally:
            loader.dispose()

    def line(self, path: Sequence[object]) -> int:
        """The line of a key, or of the nearest thing around it that has one."""
        node, line = self._root, 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            place, node = found
            line = place.start_mark.line + 1
        return line


class _Loader(yaml.CSafeLoader):
    """libyaml's parser with the plain words of version 1.2, and no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen: set[object] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == f"{_TAG}merge":
                continue  # what is no scalar has no hash: PyYAML refuses it by itself
            name = self.construct_object(key)
            if name in seen:
                told = f"{key.value} is written twice here"
                raise yaml.constructor.ConstructorError(None, None, told, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _check_depth(root: yaml.Node | None) -> None:
    """Errors: yaml.MarkedYAMLError where the nesting is deeper than anybody writes it."""
    waiting = [(root, 1)] if root is not None else []
    seen: set[int] = set()
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(
                problem="it is nested too deeply", problem_mark=node.start_mark
            )
        if id(node) in seen or not isinstance(node, yaml.CollectionNode):
            continue
        seen.add(id(node))
        for child in node.value:
            inside = child if isinstance(node, yaml.MappingNode) else (child,)
            waiting += [(each, depth + 1) for each in inside]


def _child(node: yaml.Node | None, step: object) -> tuple[yaml.Node, yaml.Node] | None:
    """Where a step is written, and what it leads to."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return (node.value[step], node.value[step]) if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    return None


def _int(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)


_kept = {"null", "merge", "timestamp"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag.removeprefix(_TAG) in _kept]
    for first, rules in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for _name, (_rule, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(rf"^(?:{_rule})$"), list(_first))
_Loader.add_constructor(f"{_TAG}int", _int)
