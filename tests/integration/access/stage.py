"""What everybody owns, on the AWS of moto: each text of an owner's says whose it is."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from moto.backends import get_backend

from taskbell import bootstrap
from taskbell.adapters.dynamodb.items import task_item
from taskbell.adapters.dynamodb.log_items import event_item, notification_item
from taskbell.api.global_ids import list_id, notification_id, section_id, task_id
from taskbell.api.icalendar_feed import calendar_of
from taskbell.application.calendar_following import FetchedCalendar
from taskbell.application.serialization import event_to_dict
from taskbell.application.undo import UndoStep
from taskbell.domain.calendar_feed import CalendarFeed, derived_secret, hashed
from taskbell.domain.events import event_between
from taskbell.domain.ids import derived_task_id
from taskbell.domain.notification import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, NotificationQuery, TaskQuery
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.subscribed_calendar import SubscribedCalendar, calendar_id
from taskbell.domain.task_list import Section, TaskList
from taskbell.domain.timestamps import format_timestamp
from taskbell.domain.transfer import ExportQuery, ImportedPart, RowError, TransferFormat
from tests.support.aws import ACCOUNT, REGION, Aws, create_queue
from tests.support.examples import LATER, NOW, example_task

OWNERS = ("guest", "ada", "bob", "grace", "linus", "eve")
Items = dict[tuple[str, str], Any]


def mark(owner_id: str) -> str:
    """What stands in every text of an owner's."""
    return f"private of {owner_id}"


def count(owner_id: str) -> int:
    """How many pending tasks an owner's statistics have: a number that stands nowhere else."""
    return 41_000 + OWNERS.index(owner_id)


def shown(text: str) -> set[str]:
    """Whose data stands in an answer."""
    return {owner_id for owner_id in OWNERS if mark(owner_id) in text or str(count(owner_id)) in text}


def task_name(owner_id: str, kind: str = "essay") -> str:
    """The id of a task of an owner's, or of one that does not exist."""
    return task_id(owner_id, _uuid(kind, owner_id))


def notification_name(owner_id: str) -> str:
    """The id of a notification of an owner's, or of one that does not exist."""
    return notification_id(owner_id, _uuid("essay", owner_id), format_timestamp(LATER))


def _uuid(kind: str, owner_id: str) -> str:
    return derived_task_id(NOW, f"{kind} of {owner_id}")


def seed(aws: Aws) -> None:
    """Give everybody two tasks that repeat, a subtask, a deleted one, and all that follows from them."""
    for owner_id in OWNERS:
        essay = example_task(
            id=_uuid("essay", owner_id),
            owner_id=owner_id,
            title=mark(owner_id),
            due_at=LATER,
            description=mark(owner_id),
            labels=(mark(owner_id),),
            list_id="1",
            recurrence=Recurrence(Frequency.DAILY),
        )
        tasks = [
            essay,
            replace(essay, id=_uuid("other", owner_id)),
            replace(essay, id=_uuid("part", owner_id), parent_id=essay.id, list_id=None),
            replace(essay, id=_uuid("deleted", owner_id), deleted_at=NOW, version=2),
        ]
        events = [event_between(replace(task, title="Draft"), task) for task in tasks[:3]]
        notes = [
            Notification(
                task_id=essay.id,
                owner_id=owner_id,
                at=LATER + timedelta(minutes=each),
                sent_at=LATER,
                title=mark(owner_id),
                due_at=LATER,
            )
            for each in range(2)
        ]
        items = [*map(task_item, tasks), *(event_item(event, NOW) for event in events)]
        items += [notification_item(note) for note in notes]
        for item in items:
            aws.dynamodb.put_item(TableName="tasks", Item=item)
        for number in ("1", "2"):
            sections = (Section("1", mark(owner_id)),)
            bootstrap.task_lists().add(TaskList(number, owner_id, mark(owner_id), NOW, NOW, sections=sections))
        seed_calendar_feed(owner_id)
        seed_subscribed_calendar(owner_id)
        part = ImportedPart(0, "digest", 1, 0, 0, (RowError(1, "VALIDATION", mark(owner_id)),))
        bootstrap.task_imports().imports.save(owner_id, f"essay-of-{owner_id}", part, NOW)
        bootstrap.profiles().save(Profile(owner_id, "Europe/Paris", (7,)))
        bootstrap.statistics().add(owner_id, {"PENDING": count(owner_id)})


CALENDAR = "https://school.example/a.ics"


class School:
    """Stands where the public internet would."""

    def fetch(self, *_: object) -> FetchedCalendar:
        """Return a calendar with one event, the same for everybody."""
        return FetchedCalendar(calendar_of([example_task(due_at=datetime(2999, 1, 1, tzinfo=UTC))]))


def seed_subscribed_calendar(owner_id: str) -> None:
    """Let an owner have subscribed to a calendar, which has not been fetched."""
    calendar = SubscribedCalendar(calendar_id(owner_id, CALENDAR), owner_id, CALENDAR, mark(owner_id), NOW)
    assert bootstrap.calendar_following().calendars.save(calendar)


def seed_calendar_feed(owner_id: str) -> None:
    """Give an owner a calendar feed."""
    secret = derived_secret("not a secret", owner_id, "nonce")
    feed = CalendarFeed(owner_id, "nonce", hashed(secret), NOW, version=1)
    assert bootstrap.calendar_feeds().store.save(CalendarFeed(owner_id), feed, NOW)


def _owner_of(key: tuple[str, str], *items: Items) -> str:
    """Whose an item is: that of a calendar feed's secret, and that of a calendar's next fetch, say so themselves."""
    named = [found[key]["ownerId"]["S"] for found in items if "ownerId" in found.get(key, {})]
    return named[0] if named and key[0].startswith(("CALENDAR#", "FETCHES")) else key[0].partition("#")[2]


@dataclass
class Stage:
    """The seeded stage. `restore` undoes what a request has changed."""

    aws: Aws
    seeded: Items = field(default_factory=dict)
    dead_letter_id: str = ""

    def __post_init__(self) -> None:
        self.seeded = self.items()

    def items(self) -> Items:
        """All items, from moto itself: its scan takes long."""
        table = get_backend("dynamodb")[ACCOUNT][REGION].tables["tasks"]
        found = (item.to_json()["Attributes"] for item in table.all_items())
        return {(item["pk"]["S"], item["sk"]["S"]): item for item in found}

    def restore(self) -> set[str]:
        """Have what was seeded again; the owners whose items had been changed."""
        now = self.items()
        changed = {key for key in {*now, *self.seeded} if now.get(key) != self.seeded.get(key)}
        for pk, sk in changed:
            key = {"pk": {"S": pk}, "sk": {"S": sk}}
            if (pk, sk) in self.seeded:
                self.aws.dynamodb.put_item(TableName="tasks", Item=self.seeded[pk, sk])
            else:
                self.aws.dynamodb.delete_item(TableName="tasks", Key=key)
        return {_owner_of(key, now, self.seeded) for key in changed}

    def bury(self) -> None:
        """Have one dead letter, of bob's."""
        self.aws.sqs.delete_queue(QueueUrl=self.aws.dead_letters_url)
        create_queue("dead-letters.fifo")
        event = event_between(None, example_task(owner_id="bob", title=mark("bob")))
        sent = self.aws.sqs.send_message(
            QueueUrl=self.aws.dead_letters_url,
            MessageBody=json.dumps(event_to_dict(event)),
            MessageGroupId="bob/essay",
            MessageDeduplicationId=str(uuid4()),
        )
        self.dead_letter_id = sent["MessageId"]

    def dead_letters(self) -> int:
        attributes = self.aws.sqs.get_queue_attributes(QueueUrl=self.aws.dead_letters_url, AttributeNames=["All"])
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])

    def own(self, names: str, owner_id: str) -> str:
        """What an argument of the owner's can name."""
        return f"new-of-{owner_id}" if names == "new task" else self.others(names, owner_id)

    def others(self, names: str, owner_id: str) -> str:
        """What an argument of somebody else's can name of that owner's: a new task's id may be one that they have."""
        if names.startswith("cursor"):
            return _cursor(names, owner_id)
        if names == "dead letter":
            return self.dead_letter_id
        if names in {"new task", "change", "import"}:
            return f"essay-of-{owner_id}"
        if names in {"list", "other list"}:
            return list_id(owner_id, "1" if names == "list" else "2")
        if names == "section":
            return section_id(owner_id, "1:1")
        if names == "calendar":
            return calendar_id(owner_id, CALENDAR)
        if names == "notification":
            return notification_name(owner_id)
        if names == "undo token":
            return _undo_token(owner_id)
        named = {"owner": owner_id, "what is published": owner_id}
        named |= {"deleted task": task_name(owner_id, "deleted"), "subtask": task_name(owner_id, "part")}
        return named.get(names, task_name(owner_id))


NOWHERE = "nobody"  # an owner of nothing


def nothing(names: str) -> str:
    """What an argument can name that does not exist."""
    if names.startswith("cursor"):
        return "bm90aGluZw"
    if names in {"new task", "change", "import"}:
        return f"essay-of-{NOWHERE}"
    if names in {"list", "other list"}:
        return list_id(NOWHERE, "1")
    if names == "section":
        return section_id(NOWHERE, "1:1")
    if names == "calendar":
        return calendar_id(NOWHERE, CALENDAR)
    if names == "notification":
        return notification_name(NOWHERE)
    if names == "undo token":
        return _undo_token(NOWHERE)
    return NOWHERE if names == "owner" else task_name(NOWHERE)


def _undo_token(owner_id: str) -> str:
    """What takes a change of an owner's task back."""
    step = UndoStep(_uuid("essay", owner_id), 1, {"title": "Before"})
    return bootstrap.undo_tokens().encode(owner_id, [step], bootstrap.now())


def _cursor(names: str, owner_id: str) -> str:
    if names == "cursor of tasks":
        return bootstrap.task_repository().page(TaskQuery(owner_id), 1, None).cursors[0]
    if names == "cursor of the export":
        query = ExportQuery(owner_id, TransferFormat.JSON)
        return bootstrap.data_export().page(query, 1, None).cursor or ""
    if names == "cursor of changes":
        return bootstrap.change_feed().since(owner_id, None, 1).cursor
    if names == "cursor of notifications":
        return bootstrap.notifications().page(NotificationQuery(owner_id), 1, None).cursors[0]
    return bootstrap.event_store().page(EventQuery(owner_id), 1, None).cursors[0]
