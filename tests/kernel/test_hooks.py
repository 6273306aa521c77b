"""A hook that nobody has given raises: a rule that is not asked would be a hole."""

import pytest

from nowrongdoor.kernel.hooks import Hook


def test_a_hook_answers_what_it_was_given_last() -> None:
    hook: Hook[int] = Hook("a number")
    with pytest.raises(RuntimeError, match="a number is not known yet"):
        hook.get()

    hook.give(1)
    hook.give(2)

    assert hook.get() == 2
