"""Subscribed calendars, what is followed of them, and when they are fetched."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from taskbell.adapters.dynamodb.fetch_schedule import DynamoDBFetchSchedule
from taskbell.adapters.dynamodb.subscriptions import DynamoDBSubscriptions
from taskbell.application.calendar_following import SubscriptionRepository
from taskbell.domain.subscribed_calendar import (
    MAX_EVENTS,
    CalendarEvent,
    DueFetch,
    Followed,
    Following,
    Presence,
    SubscribedCalendar,
)
from tests.contract.conftest import IMPLEMENTATIONS
from tests.support.calendars import InMemoryFetchSchedule, InMemorySubscriptions
from tests.support.examples import NOW

DUE = datetime(2027, 1, 15, 17, tzinfo=UTC)
HISTORY = SubscribedCalendar("c", "ada", "https://school.example/a.ics", "History", NOW, next_fetch_at=NOW)
WHOLE = replace(
    HISTORY, checked_at=NOW, etag='"a"', modified="Monday", failures=2, error="It takes too long.", events=3,
    read_at=NOW, incomplete=True,
)  # fmt: skip
EVENTS = [
    CalendarEvent("a", "Essay", None, DUE),
    CalendarEvent("b", "Exam", "Two\npages", date(2027, 1, 15)),
    CalendarEvent("c", "Talk", "", datetime(2027, 1, 15, 18)),  # noqa: DTZ001 - the owner's time
]
MAX_ITEM = 400 * 1024  # DynamoDB Developer Guide, "Quotas"


@pytest.fixture(params=IMPLEMENTATIONS)
def calendars(request: pytest.FixtureRequest) -> SubscriptionRepository:
    if request.param == "in memory":
        return InMemorySubscriptions()
    return DynamoDBSubscriptions(request.getfixturevalue(request.param), "tasks")


@pytest.fixture(params=IMPLEMENTATIONS)
def schedule(request: pytest.FixtureRequest) -> InMemoryFetchSchedule | DynamoDBFetchSchedule:
    if request.param == "in memory":
        return InMemoryFetchSchedule()
    return DynamoDBFetchSchedule(request.getfixturevalue(request.param), "tasks")


@pytest.mark.parametrize("calendar", [HISTORY, WHOLE])
def test_a_calendar_is_read_as_it_was_stored_and_by_its_owner_alone(
    calendars: SubscriptionRepository, calendar: SubscribedCalendar
) -> None:
    assert calendars.save(calendar)
    assert calendars.get("ada", "c") == calendar
    assert calendars.of_owner("ada") == [calendar]
    assert (calendars.get("grace", "c"), calendars.of_owner("grace")) == (None, [])


def test_an_owners_calendars_are_in_the_order_of_their_subscription(calendars: SubscriptionRepository) -> None:
    for id_, hours in (("b", 2), ("a", 3), ("c", 1)):
        calendars.save(replace(HISTORY, id=id_, created_at=NOW + timedelta(hours=hours)))
    assert [calendar.id for calendar in calendars.of_owner("ada")] == ["c", "b", "a"]


def test_a_version_is_stored_once_and_its_repetition_finds_it(calendars: SubscriptionRepository) -> None:
    second = replace(WHOLE, version=2)
    assert not calendars.save(second)
    for version in (HISTORY, second):
        for following in (None, Following()):
            assert calendars.save(version, following)
            assert not calendars.save(replace(version, name="Another"), following)
    assert calendars.get("ada", "c") == second


def test_what_is_followed_is_stored_with_its_version_and_with_no_other(calendars: SubscriptionRepository) -> None:
    assert calendars.following(HISTORY) == Following()
    rows = zip(EVENTS, Presence, strict=True)
    taken = {event.id: Followed(event, f"task-{event.id}", presence) for event, presence in rows}
    for version, following in enumerate((Following({}, EVENTS), Following(taken, EVENTS[:1]), Following(taken)), 1):
        assert calendars.save(replace(HISTORY, version=version), following)
        assert calendars.following(HISTORY) == following
        assert not calendars.save(replace(HISTORY, version=version, name="Another"), Following())
        assert calendars.following(HISTORY) == following
    assert calendars.save(replace(HISTORY, version=4))
    assert calendars.following(HISTORY) == Following(taken)


def test_nothing_is_left_of_a_calendar_that_was_removed_nor_stored_again(calendars: SubscriptionRepository) -> None:
    calendars.save(HISTORY, Following({}, EVENTS))
    for _ in range(2):
        calendars.remove(HISTORY)
    assert not calendars.save(replace(HISTORY, version=2), Following({}, EVENTS))
    assert (calendars.get("ada", "c"), calendars.following(HISTORY)) == (None, Following())


def test_what_is_due_comes_in_the_order_of_time(schedule: InMemoryFetchSchedule | DynamoDBFetchSchedule) -> None:
    for id_, minutes in (("b", 0), ("a", -2), ("d", 1), ("c", -1)):
        schedule.set(replace(HISTORY, id=id_, next_fetch_at=NOW + timedelta(minutes=minutes)))
    at = [NOW + timedelta(minutes=minutes) for minutes in (-2, -1, 0)]
    due = [DueFetch(id_, "ada", "school.example", time) for id_, time in zip("acb", at, strict=True)]
    assert list(schedule.due(NOW)) == due
    schedule.set(replace(HISTORY, id="a", next_fetch_at=NOW + timedelta(hours=1)))
    assert list(schedule.due(NOW)) == due[1:]


def test_an_entry_is_dropped_once_and_not_after_it_was_moved(
    schedule: InMemoryFetchSchedule | DynamoDBFetchSchedule,
) -> None:
    schedule.set(HISTORY)
    (due,) = schedule.due(NOW)
    schedule.set(replace(HISTORY, next_fetch_at=NOW - timedelta(hours=1)))
    schedule.drop(due)
    (moved,) = schedule.due(NOW)
    for _ in range(2):
        schedule.drop(moved)
    assert list(schedule.due(NOW)) == []


def test_all_that_is_due_is_read_page_by_page() -> None:
    @dataclass
    class Pages:
        asked: list[Any]

        def query(self, **request: Any) -> Any:
            self.asked.append(request.get("ExclusiveStartKey"))
            entry = {"sk": f"{len(self.asked)}", "ownerId": "ada", "host": "h", "timeKey": "2026-11-22T09:30:00.000Z"}
            more = {"LastEvaluatedKey": len(self.asked)} if len(self.asked) < 3 else {}
            return {"Items": [{name: {"S": value} for name, value in entry.items()}], **more}

    pages: Any = Pages([])
    schedule = DynamoDBFetchSchedule(pages, "tasks")
    assert [due.calendar_id for due in schedule.due(NOW)] == ["1", "2", "3"]
    assert pages.asked == [None, 1, 2]


@pytest.mark.parametrize(
    ("first", "last", "characters"), [(0x20, 0x7F, 990), (0x4E00, 0x9FFF, 330), (0xA0, 0x800, 495)]
)
def test_the_events_of_the_largest_calendars_fit_into_one_item(first: int, last: int, characters: int) -> None:
    chance = random.Random(1)  # noqa: S311 - it draws letters
    texts = ["".join(map(chr, chance.choices(range(first, last), k=characters))) for _ in range(2 * MAX_EVENTS)]
    events = [CalendarEvent(f"{number:04}", "Essay", text, DUE) for number, text in enumerate(texts)]
    taken = {event.id: Followed(event, f"{chance.getrandbits(128):032x}", Presence.KEPT) for event in events[:200]}
    sizes: list[int] = []

    class Table:
        def transact_write_items(self, **request: Any) -> None:
            item = request["TransactItems"][1]["Put"]["Item"]
            sizes.append(sum(len(bytes(value["B"])) for value in item.values() if "B" in value))

    table: Any = Table()
    assert DynamoDBSubscriptions(table, "tasks").save(HISTORY, Following(taken, events[200:]))
    assert 200_000 < sizes[0] < MAX_ITEM - 1_000
