"""What every `Attempts` does."""

from taskbell.application.ports import Attempts, MessageId

MESSAGE = MessageId("ada/essay", "ada/essay:1")
OTHERS = (MessageId("ada/essay", "ada/essay:2"), MessageId("ada/book", "ada/essay:1"))


def test_attempts_that_do_not_end_are_counted(attempts: Attempts) -> None:
    assert [attempts.begin(MESSAGE) for _ in range(3)] == [1, 2, 3]


def test_an_attempt_that_ends_starts_the_count_again(attempts: Attempts) -> None:
    attempts.begin(MESSAGE)
    attempts.begin(MESSAGE)
    attempts.end(MESSAGE)
    assert attempts.begin(MESSAGE) == 1
    attempts.fail(MESSAGE)
    assert attempts.begin(MESSAGE) == 1


def test_failures_are_counted_whatever_lies_between_them(attempts: Attempts) -> None:
    assert attempts.fail(MESSAGE) == 1
    attempts.begin(MESSAGE)
    attempts.end(MESSAGE)
    assert attempts.fail(MESSAGE) == 2


def test_an_end_without_a_beginning_changes_nothing(attempts: Attempts) -> None:
    attempts.end(MESSAGE)
    assert attempts.begin(MESSAGE) == 1


def test_each_message_has_counts_of_its_own(attempts: Attempts) -> None:
    attempts.begin(MESSAGE)
    attempts.fail(MESSAGE)
    assert [attempts.begin(other) for other in OTHERS] == [1, 1]
    assert [attempts.fail(other) for other in OTHERS] == [1, 1]
