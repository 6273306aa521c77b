"""What a folder above gives to one below, which may not import it. Given once, when the program starts."""

from typing import Generic, TypeVar

T = TypeVar("T")


class Hook(Generic[T]):
    """A place for one value. Asked before it was given it raises: a rule that nobody asked is a hole."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._given: list[T] = []

    def give(self, value: T) -> None:
        self._given = [value]

    def get(self) -> T:
        """Errors: RuntimeError where nobody has given it: import `nowrongdoor.site.modules` first."""
        if not self._given:
            raise RuntimeError(f"{self.what} is not known yet: import nowrongdoor.site.modules")
        return self._given[0]
