"""A stream's queue, cap and end, without a server."""

import pytest

from nowrongdoor.site import live
from nowrongdoor.web import streams
from nowrongdoor.web.streams import Cap, Listener, Message


def test_a_listener_that_does_not_keep_up_is_sent_away() -> None:
    listener = Listener(0)
    for number in range(streams.LONGEST_QUEUE + 1):
        listener.put(Message("row", {"n": number}))

    assert listener.gone.is_set()
    left = Cap(1)
    answer = streams.stream(
        listener, cap=left, who=1, beat=lambda: Message("beat", {}), leave=lambda: None
    )
    assert len(list(answer)) == 1  # type: ignore[call-overload]
    answer.close()
    assert left.open == 0


def test_whoever_missed_one_is_told_nothing_after_it() -> None:
    """There is room again by the next: with its position, the one that was missed would never be asked for."""
    listener = Listener(0)
    for number in range(1, streams.LONGEST_QUEUE + 2):
        listener.put(Message("row", {}, number))
    listener.waiting.get_nowait()
    listener.put(Message("row", {}, streams.LONGEST_QUEUE + 2))

    left = [listener.waiting.get_nowait().seq for _ in range(listener.waiting.qsize())]
    assert left == list(range(2, streams.LONGEST_QUEUE + 1))


def test_in_the_middle_of_a_position_one_goes_on_from_the_one_before() -> None:
    assert Message("row", {}, 7, more=True).encoded() == b"id: 6\nevent: row\ndata: {}\n\n"


def test_a_frame_is_encoded_once_for_all_who_hear_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(
        "nowrongdoor.web.streams.json.dumps", lambda data: made.append(data) or "{}"
    )
    message = Message("row", {"n": 1}, 7)

    assert {message.encoded() for _ in range(200)} == {b"id: 7\nevent: row\ndata: {}\n\n"}
    assert len(made) == 1


def test_what_waits_goes_out_in_one_piece_up_to_a_farewell() -> None:
    listener = Listener(0)
    for number in (1, 2):
        listener.put(Message("row", {"n": number}, number))
    listener.put(Message("bye", {}))
    listener.put(Message("row", {"n": 3}, 3))
    sent = list(streams._Drain(listener, lambda: Message("beat", {}), lambda: None))

    assert len(sent) == 2  # the first sign of life, and all the rest
    assert sent[1].count(b"event: row") == 2
    assert sent[1].endswith(b"event: bye\ndata: {}\n\n")


def test_one_member_has_a_share_and_no_more() -> None:
    cap = Cap(80)

    assert [cap.take("one") for _ in range(12)] == [True] * 10 + [False] * 2
    assert cap.take("another")
    assert cap.open == 11
    cap.give_back("one")
    assert cap.take("one")


def test_all_together_have_no_more_than_the_process_carries() -> None:
    cap = Cap(9)

    assert [cap.take(who) for who in range(11)] == [True] * 9 + [False] * 2


@pytest.mark.usefixtures("db")
def test_a_beat_says_nothing_of_how_much_goes_on() -> None:
    """The journal's number, second by second, told every screen what all programs together do (H18)."""
    beat = live._beat()

    assert (beat.seq, set(beat.data)) == (None, {"at", "pace", "lag_ms"})
