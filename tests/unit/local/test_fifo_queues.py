"""Message groups of the local SQS."""

from typing import Any

from local.ministack_patches.fifo_queues import groups_in_flight, sweep_receivable

NOW = 100.0
MAX_RECEIVES = 3


def message(id_: str, group: str, *, received: int = 0, hidden: bool = False) -> dict[str, Any]:
    visible_at = NOW + 30 if hidden else NOW - 1
    return {"id": id_, "group_id": group, "receive_count": received, "visible_at": visible_at, "receipt_handle": id_}


def swept(*messages: dict[str, Any], is_fifo: bool = True) -> str:
    """The ids of the messages that remain."""
    queue: dict[str, Any] = {"is_fifo": is_fifo, "messages": list(messages)}

    def sweep(queue: dict[str, Any]) -> None:  # as ministack does, by what was received and is visible
        queue["messages"] = [
            each for each in queue["messages"] if each["receive_count"] < MAX_RECEIVES or each["visible_at"] > NOW
        ]

    sweep_receivable(sweep, queue, NOW)
    return "".join(each["id"] for each in queue["messages"])


def test_a_message_that_was_received_too_often_is_moved() -> None:
    assert swept(message("a", "g", received=3), message("b", "g"), message("c", "h", received=2)) == "bc"


def test_a_message_behind_one_in_flight_is_not_moved_before_it_could_be_received() -> None:
    assert swept(message("a", "g", received=3, hidden=True), message("b", "g", received=3), message("c", "h")) == "abc"
    assert swept(message("b", "g", received=3), message("c", "h")) == "c"


def test_a_delayed_message_that_was_never_received_holds_up_nothing() -> None:
    assert groups_in_flight([message("a", "g", hidden=True)], NOW) == set()


def test_standard_queues_have_no_groups() -> None:
    hidden, visible = message("a", "g", received=3, hidden=True), message("b", "g", received=3)
    assert swept(hidden, visible, is_fifo=False) == "a"
