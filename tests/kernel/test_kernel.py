"""Verdicts, spans and ids."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nowrongdoor.kernel.ids import uuid7
from nowrongdoor.kernel.span import Span
from nowrongdoor.kernel.verdict import BadInput, NotPermitted, Refused, no, require, yes

AT = datetime(2027, 3, 1, tzinfo=UTC)
times = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def test_a_verdict_has_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(yes("any"))


def test_a_no_is_raised_with_its_rule_and_its_sentence_filled() -> None:
    with pytest.raises(NotPermitted) as raised:
        require(no("rule.one", "You hold {count}.", count="3"), NotPermitted)

    assert isinstance(raised.value, Refused)
    assert (raised.value.verdict.rule, str(raised.value)) == ("rule.one", "You hold 3.")
    require(yes("rule.two"))


def test_bad_input_names_its_field() -> None:
    assert BadInput("zone", "code.unknown", "Choose a zone.").field == "zone"


@given(times, times, st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_ids_sort_by_the_millisecond_they_were_made(
    a: datetime, b: datetime, x: int, y: int
) -> None:
    one, two = uuid7(a, x), uuid7(b, y)

    assert one.version == 7
    assert one.variant == "specified in RFC 4122"
    if b - a >= timedelta(milliseconds=2):
        assert one < two
    assert (one == two) == (int(a.timestamp() * 1000) == int(b.timestamp() * 1000) and x == y)


@pytest.mark.parametrize(
    ("at", "bits"),
    [(AT.replace(tzinfo=None), 0), (datetime(1960, 1, 1, tzinfo=UTC), 0), (AT, 2**74), (AT, -1)],
)
def test_an_id_refuses_what_does_not_fit(at: datetime, bits: int) -> None:
    with pytest.raises(ValueError, match="zone|range"):
        uuid7(at, bits)


def test_a_span_holds_its_start_and_not_its_end() -> None:
    span = Span(AT, AT + timedelta(hours=1))

    assert span.holds(AT)
    assert not span.holds(AT + timedelta(hours=1))
    assert Span(AT).holds(AT + timedelta(days=999))
    assert span.seconds(AT + timedelta(days=1)) == 3600
    assert span.seconds(AT - timedelta(days=1)) == 0


def test_a_span_does_not_run_backwards_or_without_a_zone() -> None:
    for start, end in ((AT, AT - timedelta(seconds=1)), (AT.replace(tzinfo=None), None)):
        with pytest.raises(ValueError, match="zone|before"):
            Span(start, end)
