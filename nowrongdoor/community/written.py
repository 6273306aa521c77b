"""One file or text as rows, with the line of every key: for whoever reads a file of a community's by itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from nowrongdoor.community.files import BadCommunity, Problem
from nowrongdoor.community.mistakes import in_words
from nowrongdoor.community.yaml_files import BadYaml, YamlDocument

R = TypeVar("R", bound=BaseModel)
COMMUNITIES = Path("communities")
MARKS = "\n,:-"
"""What separates one thing in a text from the next: reading YAML costs for each."""


class Written(Generic[R]):
    """A text, read. Errors: BadCommunity with every problem found, or for more bytes or marks than these."""

    def __init__(
        self, text: str, name: str, row: type[R], *, longest: int, most_marks: int
    ) -> None:
        self.name = name
        if len(text.encode()) > longest:
            raise self._refused(1, f"it has more than {longest} bytes")
        if sum(map(text.count, MARKS)) > most_marks:
            raise self._refused(
                1, f"it has more than {most_marks} lines, commas, colons and dashes"
            )
        try:
            self.document = YamlDocument(text)
        except BadYaml as bad:
            raise self._refused(bad.line, bad.because) from None
        try:
            self.rows = row.model_validate(self.document.value)
        except ValidationError as error:
            told = [self.at(each["loc"], in_words(each)) for each in error.errors()]
            raise BadCommunity(told) from None

    def at(self, path: Sequence[str | int], because: str) -> Problem:
        key = ".".join(map(str, path)) or self.name
        return Problem(self.name, self.document.line(path), key, because)

    def _refused(self, line: int, because: str) -> BadCommunity:
        return BadCommunity([Problem(self.name, line, self.name, because)])


def text_of(file: Path) -> str:
    """Errors: BadCommunity where there is no such file, or no text in it."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadCommunity([Problem(file.name, 0, file.stem, "this file is missing")]) from None
    except (OSError, UnicodeDecodeError):
        raise BadCommunity([Problem(file.name, 0, file.stem, "it is not text in UTF-8")]) from None


def file_of(community: str, name: str) -> Path:
    """A file of a community's, who is given by folder or by its name under communities/. Errors: BadCommunity."""
    folder = Path(community)
    if not folder.is_dir() and (COMMUNITIES / community).is_dir():
        folder = COMMUNITIES / community
    if not folder.is_dir():
        raise BadCommunity([Problem(community, 0, name, "there is no such folder")])
    return folder / name
