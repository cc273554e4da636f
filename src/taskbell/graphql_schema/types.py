"""Output types of the schema."""

from enum import Enum
from typing import Annotated, Any

import strawberry

from taskbell.domain.events import TaskEventType
from taskbell.domain.occurrences import OccurrenceRange
from taskbell.domain.recurrence import Frequency, Weekday
from taskbell.domain.task import Priority, ProcessingState, TaskStatus
from taskbell.graphql_schema.directives import EVERYONE, PEOPLE, AWSDate, AWSDateTime


def described(text: str) -> Any:
    """Return a field with a description."""
    return strawberry.field(description=text)


strawberry.enum(TaskStatus, description="The student's progress.")
strawberry.enum(Priority, description="How important a task is to its owner.")
strawberry.enum(ProcessingState, description="The state of a task's processing.")
strawberry.enum(Frequency, description="Unit of a recurrence.")
strawberry.enum(Weekday, description="The days of the week, as RFC 5545 has them.")
strawberry.enum(OccurrenceRange, description="Occurrences of a recurring task: this one, or also those after it.")
strawberry.enum(TaskEventType, description="Type of a change.")


@strawberry.enum(description="Why a request failed.")
class ErrorCode(Enum):
    VALIDATION = strawberry.enum_value("VALIDATION", description="The input is not valid; see `field`.")
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="The task or dead letter does not exist, or the caller may not access it."
    )
    CONFLICT = strawberry.enum_value("CONFLICT", description="The task was changed meanwhile, or the id is in use.")
    LIMIT_EXCEEDED = strawberry.enum_value("LIMIT_EXCEEDED", description="A limit was exceeded.")
    UNAVAILABLE = strawberry.enum_value("UNAVAILABLE", description="A required service did not respond.")


def identified(text: str) -> Any:
    """Return the field of an interface with a description: AppSync's directives are on fields of interfaces alone."""
    return strawberry.field(description=text, directives=EVERYONE)


def undo_token() -> Any:
    """Return the field of a payload that says how to take the change back."""
    return described("Takes the change back with `undo`, within ten minutes; null if nothing was changed.")


@strawberry.interface(description="What can be fetched again by its id.")
class Node:
    id: strawberry.ID = identified("Globally unique and opaque.")


@strawberry.type(description="The processing of a task by the pipeline.", directives=EVERYONE)
class Processing:
    state: ProcessingState = described("The state of the workflow run.")
    step: str | None = described("The last step.")
    error: str | None = described("Why the run failed.")
    started_at: AWSDateTime | None = described("When the run started.")
    finished_at: AWSDateTime | None = described("When the run finished.")


@strawberry.type(description="The progress of a task's subtasks.", directives=EVERYONE)
class Progress:
    total: int = described("Number of subtasks, without deleted ones.")
    completed: int = described("Number of completed subtasks.")


@strawberry.type(description="How a task repeats, by the owner's clock: a rule of RFC 5545.", directives=EVERYONE)
class Recurrence:
    rrule: str = described("RRULE of RFC 5545, which begins with `dueAt`: `FREQ=WEEKLY;BYDAY=MO,FR`. Its parts follow.")
    freq: Frequency = described("Unit.")
    interval: int = described("Number of units between two with due dates.")
    count: int | None = described("Number of due dates that are left, with this one.")
    until: AWSDateTime | None = described("The latest due date.")
    by_month: list[int] = described("Only in these months, 1 to 12.")
    by_month_day: list[int] = described("Only on these days of the month; -1 is its last.")
    by_day: list[str] = described("Only on these weekdays: MO; in a month or year 1MO is its first, -1FR its last.")
    by_set_pos: list[int] = described("Only these of the days that a unit has: -1 is its last.")
    wkst: Weekday = described("The first day of the week.")
    after_completion: bool = described("Whether it begins with the day of completion instead of `dueAt`.")


@strawberry.type(description="What the caller may do with an owner's tasks.", directives=PEOPLE)
class TaskPermissions:
    update: bool = described("Create them, and change their details and status.")
    delete: bool = described("Delete and restore them.")


First = Annotated[int | None, strawberry.argument(description="Maximum number, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="A cursor of this list; exclusive.")]


@strawberry.type(description="A student's task as it is now; its past is its `activity`.", directives=EVERYONE)
class Task(Node):
    id: strawberry.ID = identified("Globally unique and opaque.")
    key: strawberry.ID | None = described("The client's own id, unique among its owner's tasks.")
    owner_id: strawberry.ID = described("Owner id.")
    title: str = described("1 to 200 characters.")
    description: str | None = described("At most 10,000 characters.")
    status: TaskStatus = described("The student's progress.")
    priority: Priority = described("How important it is.")
    labels: list[str] = described("At most 20, of at most 50 characters each.")
    due_at: AWSDateTime | None = described("When it is to be completed: of a day without a time, its last millisecond.")
    due_on: AWSDate | None = described("The day in `timeZone` on which it is to be completed, if no time was given.")
    time_zone: str = described("The owner's time zone as an IANA name: Europe/Vienna.")
    remind_before: list[int] = described("When reminders are sent, in minutes before `dueAt`.")
    remind_at: list[AWSDateTime] = described("When other reminders are sent, also without a due date or after it.")
    recurrence: Recurrence | None = described("How it repeats: completing it creates the next one.")
    overdue: bool = described("Whether the task is open and its due date has passed, or was past when it was given.")
    completed_at: AWSDateTime | None = described("When it was completed.")
    completed_late: bool = described("Whether that was after the due date.")
    created_at: AWSDateTime = described("When it was created.")
    updated_at: AWSDateTime = described("When it was last changed, by a user or by the pipeline.")
    deleted_at: AWSDateTime | None = described("When it was deleted.")
    restorable_until: AWSDateTime | None = described(
        "Until when it can be restored, if it is deleted; then it is deleted for good, with its history."
    )
    version: int = described("Grows by one with every change. Changes of a deleted task have no events.")
    processing: Processing = described("Its processing by the pipeline.")
    parent_id: strawberry.ID | None = described("The id of the task that this is a subtask of.")
    rank: str = described(
        "Its place in the order that its owner drags: ranks sort as texts, equal ones by the tasks' ids."
    )
    list_id: strawberry.ID | None = described("The id of its list; subtasks are in the list of their task.")
    section_id: strawberry.ID | None = described("Its section in that list; one that the list has no longer is none.")
    progress: Progress = described("The progress of its subtasks; eventually consistent, within seconds.")
    subtasks: list["Task"] | None = strawberry.field(
        description="Its subtasks, without deleted ones, in the order of their ranks; null in what is pushed.",
        directives=PEOPLE,
    )


@strawberry.type(
    description="One field of a task before and after a change, as text; a list as JSON.", directives=EVERYONE
)
class FieldChange:
    field: str = described("The field's name in `Task`.")
    before: str | None = described("Null where there was no value.")
    after: str | None = described("Null where the value was cleared.")


@strawberry.type(description="A change of a task in the past; it never changes.", directives=EVERYONE)
class TaskEvent(Node):
    id: strawberry.ID = identified("Globally unique and opaque.")
    task_id: strawberry.ID = described("The id of the task.")
    owner_id: strawberry.ID = described("Owner id.")
    version: int = described("The task's version. Events may arrive twice: ignore those that are not newer.")
    at: AWSDateTime = described("When the change was made.")
    type: TaskEventType = described("The type of the change.")
    status: TaskStatus = described("The task's status after the change.")
    previous_status: TaskStatus | None = described("The status before, if it changed.")
    actor: str | None = described("The user who made the change; null for the pipeline.")
    changes: list[FieldChange] = described("The changed fields.")


@strawberry.type(
    description="What is pushed: a change, and the task as it is now. Arguments of subscriptions filter by its fields.",
    directives=EVERYONE,
)
class TaskEventPayload:
    owner_id: strawberry.ID = described("Owner id.")
    task_id: strawberry.ID = described("The id of the task.")
    list_id: strawberry.ID | None = described(
        "The task's list after the change. A task that leaves a list is pushed twice, first with the list that it left."
    )
    type: TaskEventType = described("The type of the change.")
    status: TaskStatus = described("The task's status after the change.")
    cursor: str = described("Of `changes`: goes on from the change, with what was stored in the seconds before it.")
    event: TaskEvent = described("The change.")
    task: Task = described("The task as it was when the change was pushed: its newest state, or newer than the change.")


@strawberry.type(description="An event and its cursor.", directives=PEOPLE)
class TaskEventEdge:
    cursor: str = described("The cursor of this event; valid only for this list.")
    node: TaskEvent = described("The event.")


@strawberry.type(description="A page of events, newest first.", directives=PEOPLE)
class TaskEventConnection:
    edges: list[TaskEventEdge] = described("The events with their cursors.")
    nodes: list[TaskEvent] = described("The events.")
    page_info: "PageInfo" = described("The position of the page.")


@strawberry.type(description="Why a request failed.", directives=PEOPLE)
class UserError:
    code: ErrorCode = described("For programs.")
    message: str = described("For users.")
    field: list[str] | None = described("The path of the invalid argument.")
    current_version: int | None = described("With CONFLICT: the version that is stored.")


@strawberry.type(description="The result of a change.", directives=PEOPLE)
class TaskPayload:
    task: Task | None = described("The stored task, also with CONFLICT; null if there is none.")
    next: Task | None = described("The next occurrence, where `setTaskStatus` or `skipOccurrence` made one, or had.")
    undo: str | None = undo_token()
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="A label of an owner's tasks.", directives=PEOPLE)
class Label:
    name: str = described("As most of the tasks spell it.")
    count: int = described(
        "Number of tasks and subtasks that have it, whatever their status; deleted ones do not count."
    )


@strawberry.type(description="The result of changing a label wherever it is.", directives=PEOPLE)
class LabelPayload:
    changed_task_ids: list[strawberry.ID] = described("The ids of the tasks that were changed: at most 100.")
    has_more: bool = described("Whether other tasks have the label: repeat the change.")
    undo: str | None = undo_token()
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="The result of deleting a task for good.", directives=PEOPLE)
class PurgeTaskPayload:
    purged_task_id: strawberry.ID | None = described("The id of the task, which is gone.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="The result of emptying the trash.", directives=PEOPLE)
class EmptyTrashPayload:
    purged_task_ids: list[strawberry.ID] = described("The ids of the tasks, which are gone: at most 100.")
    has_more: bool = described("Whether there are more in the trash: repeat the change.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="A task and its cursor.", directives=PEOPLE)
class TaskEdge:
    cursor: str = described("The cursor of this task; valid only for this list.")
    node: Task = described("The task.")


@strawberry.type(description="The position of a page in its list.", directives=PEOPLE)
class PageInfo:
    has_next_page: bool = described("Whether there are more.")
    has_previous_page: bool = described("Whether the request had `after`.")
    start_cursor: str | None = described("The cursor of the first edge.")
    end_cursor: str | None = described("Where the page ends: `after` for the next page.")


@strawberry.type(description="A page of tasks.", directives=PEOPLE)
class TaskConnection:
    edges: list[TaskEdge] = described("The tasks with their cursors.")
    nodes: list[Task] = described("The tasks.")
    page_info: PageInfo = described("The position of the page.")
    total_count: int | None = described(
        "Number of tasks in the whole list, where it is kept: of lists with subtasks, filtered by nothing, "
        "`statuses` or `overdue: true`, and of `listId` with or without `statuses`; null for others. Eventually "
        "consistent, within seconds."
    )


@strawberry.type(
    description="Hours of the day, in the caller's time zone, in which no reminder is sent. One that is due then is "
    "sent when they end.",
    directives=PEOPLE,
)
class QuietHours:
    from_: str = strawberry.field(name="from", description="When they begin: 22:00.")
    to: str = described("When they end, on the next day if that is not later than `from`: 07:00.")


@strawberry.type(description="The caller.", directives=PEOPLE)
class Viewer(Node):
    id: strawberry.ID = identified("Globally unique and opaque.")
    owner_id: strawberry.ID = described("The `ownerId` of the caller's tasks.")
    name: str = described("The caller's user name.")
    groups: list[str] = described("The caller's groups.")
    time_zone: str = described("The caller's time zone as an IANA name: Europe/Vienna; defaults to UTC.")
    default_reminders: list[int] = described("Minutes before `dueAt`, for tasks created without reminders.")
    quiet_hours: QuietHours | None = described("When no reminder is sent; null for never.")


@strawberry.type(description="The result of a change of the caller's settings.", directives=PEOPLE)
class ViewerPayload:
    viewer: Viewer | None = described("The stored settings.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(
    description="The open tasks with due dates as a calendar (RFC 5545), for calendar apps to subscribe to. Whoever "
    "has the address can read it.",
    directives=PEOPLE,
)
class CalendarFeed:
    url: str | None = described("The secret address; null if the service's key was replaced: renew it then.")
    created_at: AWSDateTime = described("When it got this address.")


@strawberry.type(description="The result of a change of the calendar feed.", directives=PEOPLE)
class CalendarFeedPayload:
    calendar_feed: CalendarFeed | None = described("The feed; null if there is none.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="A reminder; deleted some months after it was sent.", directives=EVERYONE)
class Notification(Node):
    id: strawberry.ID = identified("Globally unique and opaque.")
    task_id: strawberry.ID = described("The id of the task.")
    at: AWSDateTime = described("When the reminder was due.")
    sent_at: AWSDateTime = described("When it was sent: later than `at` after quiet hours, or if the service was down.")
    title: str = described("The task's title at that time.")
    due_at: AWSDateTime | None = described("The task's due date at that time, if it had one.")
    read: bool = described("Whether the caller has marked it as read.")
    task: Task | None = described("The task as it is now; null if it is deleted.")


@strawberry.type(
    description="What is pushed when a notification is sent or changes, or when all were marked as read up to a time.",
    directives=EVERYONE,
)
class NotificationPush:
    owner_id: strawberry.ID = described("Owner id.")
    notification: Notification | None = described("The notification as it is now; null if only `readUntil` changed.")
    version: int | None = described(
        "The notification's version: 1 when it is sent, and grows with every change. Drop what is not newer."
    )
    dismissed: bool = described("Whether the notification is dismissed or snoozed, so that no list has it any more.")
    read_until: AWSDateTime | None = described("All notifications sent until then are read, if there is such a time.")


@strawberry.type(description="A notification and its cursor.", directives=PEOPLE)
class NotificationEdge:
    cursor: str = described("The cursor of this notification; valid only for this list.")
    node: Notification = described("The notification.")


@strawberry.type(description="A page of notifications, newest first.", directives=PEOPLE)
class NotificationConnection:
    edges: list[NotificationEdge] = described("The notifications with their cursors.")
    nodes: list[Notification] = described("The notifications.")
    page_info: PageInfo = described("The position of the page.")
    unread_count: int = described("Number of unread notifications in the whole list, up to 100.")


@strawberry.type(description="The result of marking notifications as read, by time.", directives=PEOPLE)
class NotificationsReadPayload:
    read_until: AWSDateTime | None = described("Notifications sent until then are read.")
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="The result of changing some notifications.", directives=PEOPLE)
class NotificationsPayload:
    nodes: list[Notification] = described("Those that there are, in the order of the ids, as they are stored now.")
    undo: str | None = undo_token()
    errors: list[UserError] = described("Empty if the change was made for each; NOT_FOUND for each id of none.")


@strawberry.type(description="The newest state of a task or a notification.", directives=PEOPLE)
class Change:
    node_id: strawberry.ID = described(
        "The id of the task, the list or the notification. A change has no id of its own: it is no thing that a cache "
        "keeps."
    )
    version: int = described("Its version: grows with every change.")
    deleted: bool = described("Whether it is deleted, or dismissed; a restored task comes again.")
    node: Node | None = described("The thing itself; null if it is deleted or dismissed.")


@strawberry.type(
    description="What has changed of an owner's tasks, subtasks, lists and notifications, in the order in which it was "
    "stored; each thing once in a page, in its newest state. What was stored in the last seconds can come twice.",
    directives=PEOPLE,
)
class Changes:
    nodes: list[Change] = described("The changes.")
    cursor: str = described("Goes on after them: `since` of the next query.")
    has_more: bool = described("Whether there is more now.")
    full_sync_required: bool = described(
        "Whether `since` is older than what is kept, about 30 days: forget what you have, and go on with `cursor`, "
        "from which you get everything anew."
    )


@strawberry.type(
    description="Statistics of an owner's tasks; eventually consistent, within seconds. A completion counts on its "
    "date in the task's time zone; today is the date in the owner's.",
    directives=PEOPLE,
)
class TaskStats:
    pending: int = described("Number of pending tasks.")
    in_progress: int = described("Number of tasks in progress.")
    completed: int = described("Number of completed tasks.")
    overdue: int = described("Number of overdue tasks.")
    completed_this_week: int = described("Number of tasks completed this week, Monday to Sunday.")
    streak_days: int = described("Number of successive days, up to today, with completed tasks.")
