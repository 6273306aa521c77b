"""A stream's queue, cap and end, without a server."""

from nowrongdoor.web import streams
from nowrongdoor.web.streams import Cap, Listener, Message


def test_a_listener_that_does_not_keep_up_is_sent_away() -> None:
    listener = Listener(0)
    for number in range(streams.LONGEST_QUEUE + 1):
        listener.put(Message("row", {"n": number}))

    assert listener.gone.is_set()
    left = Cap(1)
    answer = streams.stream(
        listener, cap=left, beat=lambda: Message("beat", {}), leave=lambda: None
    )
    assert len(list(answer)) == 1  # type: ignore[call-overload]
    answer.close()
    assert left.open == 0
