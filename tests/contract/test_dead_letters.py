"""Looking at dead letters: nothing is lost, nothing comes twice in one look, and everybody sees it again afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import pytest
from moto import mock_aws

from taskbell.adapters.sqs_dead_letters import GIVEN_UP, UNFORWARDED, SqsDeadLetters
from taskbell.application.ports import DeadLetters
from taskbell.application.redrive import look_through
from taskbell.domain.dead_letters import DeadLetter, NotRemoved
from tests.fakes import InMemoryDeadLetters
from tests.support.aws import client, create_queue


@dataclass(frozen=True)
class Lying:
    """Dead letters, and a way to make one: from the queue's name, the body and the group; its id."""

    letters: DeadLetters
    bury: Callable[..., str]

    def ids(self, queue: str = GIVEN_UP, most: int | None = None) -> list[str]:
        return [letter.id for letter in look_through(self.letters, queue, most)[0]]


def in_memory() -> Lying:
    letters, numbers = InMemoryDeadLetters(), count()

    def bury(body: str, queue: str = GIVEN_UP, group: str | None = "ada/essay", **notes: str) -> str:
        letter = DeadLetter(str(next(numbers)), queue, body, group=group, notes=notes)
        letters.lying.append(letter)
        return letter.id

    return Lying(letters, bury)


def in_sqs() -> Lying:
    sqs = client("sqs")
    urls = {GIVEN_UP: create_queue("dead.fifo"), UNFORWARDED: create_queue("unforwarded")}

    def bury(body: str, queue: str = GIVEN_UP, group: str | None = "ada/essay", **notes: str) -> str:
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": str(uuid4())} if queue == GIVEN_UP else {}
        told = {name: {"DataType": "String", "StringValue": note} for name, note in notes.items()}
        return str(
            sqs.send_message(QueueUrl=urls[queue], MessageBody=body, MessageAttributes=told, **fifo)["MessageId"]
        )

    return Lying(SqsDeadLetters(sqs, urls, patience=0), bury)


@pytest.fixture(params=["in memory", "SQS"])
def lying(request: pytest.FixtureRequest) -> Iterator[Lying]:
    """Both queues, empty."""
    if request.param == "in memory":
        yield in_memory()
        return
    with mock_aws():
        yield in_sqs()


def test_letters_are_shown_by_queue_in_their_order_with_all_that_is_known(lying: Lying) -> None:
    first = lying.bury("one", cause="KeyError: 'title'")
    second = lying.bury("two")
    lying.bury("other", UNFORWARDED, None)
    assert set(lying.letters.queues) == {GIVEN_UP, UNFORWARDED}
    letters, unseen = look_through(lying.letters, GIVEN_UP)
    assert [(each.id, each.body, each.group, each.queue, dict(each.notes)) for each in letters] == [
        (first, "one", "ada/essay", GIVEN_UP, {"cause": "KeyError: 'title'"}),
        (second, "two", "ada/essay", GIVEN_UP, {}),
    ]
    assert unseen == 0


def test_an_empty_queue_shows_nothing(lying: Lying) -> None:
    assert look_through(lying.letters, UNFORWARDED) == ([], 0)


def test_what_was_looked_at_is_shown_again_afterwards_and_every_look_is_counted(lying: Lying) -> None:
    id_ = lying.bury("one")
    for looks in (1, 2, 3):
        letters, _ = look_through(lying.letters, GIVEN_UP)
        assert [(letter.id, letter.receives) for letter in letters] == [(id_, looks)]


def test_what_is_looked_at_is_hidden_from_others_meanwhile(lying: Lying) -> None:
    id_ = lying.bury("one")
    with lying.letters.look(GIVEN_UP) as hand:
        assert [letter.id for letter in hand.letters()] == [id_]
        assert look_through(lying.letters, GIVEN_UP) == ([], 1)
    assert lying.ids() == [id_]


def test_a_look_that_breaks_off_gives_everything_back(lying: Lying) -> None:
    id_ = lying.bury("one")

    def break_off() -> None:
        with lying.letters.look(GIVEN_UP) as hand:
            raise OSError(next(hand.letters()).id)

    with pytest.raises(OSError, match=id_):
        break_off()
    assert lying.ids() == [id_]


def test_ten_of_a_group_are_shown_together_and_the_rest_is_counted(lying: Lying) -> None:
    ids = [lying.bury(str(number)) for number in range(12)]
    other = lying.bury("other", group="ada/other")
    letters, unseen = look_through(lying.letters, GIVEN_UP)
    assert sorted(letter.id for letter in letters) == sorted([*ids[:10], other])
    assert unseen == 2


def test_no_more_are_shown_than_asked_for(lying: Lying) -> None:
    ids = [lying.bury("it", group=f"ada/{number}") for number in range(25)]
    assert lying.ids(most=3) == ids[:3]
    assert look_through(lying.letters, GIVEN_UP, 0) == ([], 25)
    assert sorted(lying.ids()) == sorted(ids)


def test_what_is_removed_is_gone_and_uncovers_what_lies_behind_it(lying: Lying) -> None:
    ids = [lying.bury(str(number)) for number in range(12)]
    with lying.letters.look(GIVEN_UP) as hand:
        for letter in hand.letters():
            hand.remove(letter)
            ids.remove(letter.id)
        assert hand.left() == 0
    assert ids == lying.ids() == []


def test_a_letter_that_is_not_in_hand_cannot_be_removed(lying: Lying) -> None:
    lying.bury("one")
    with lying.letters.look(GIVEN_UP) as hand:
        letter = next(hand.letters())
        hand.remove(letter)
        with pytest.raises(NotRemoved):
            hand.remove(letter)
