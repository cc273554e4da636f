"""The types that answers are made of."""

from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from taskbell.domain.events import TaskEventType
from taskbell.domain.recurrence import Frequency, Weekday
from taskbell.domain.task import Priority, ProcessingState, TaskStatus
from taskbell.graphql_schema.directives import EVERYONE, PEOPLE, AWSDateTime


def described(text: str) -> Any:
    """A field with its description."""
    return strawberry.field(description=text)


strawberry.enum(TaskStatus, description="How far the student has come.")
strawberry.enum(Priority, description="How much a task matters to its owner.")
strawberry.enum(ProcessingState, description="How far the pipeline has come.")
strawberry.enum(Frequency, description="In what a recurrence counts.")
strawberry.enum(Weekday, description="The days of the week.")
strawberry.enum(TaskEventType, description="What happened to a task.")


@strawberry.enum(description="Why a request was refused.")
class ErrorCode(Enum):
    VALIDATION = strawberry.enum_value("VALIDATION", description="The input is not valid; `field` says where.")
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="There is no such task or dead letter, or it is not yours."
    )
    CONFLICT = strawberry.enum_value("CONFLICT", description="Somebody changed the task, or the id is taken.")
    LIMIT_EXCEEDED = strawberry.enum_value("LIMIT_EXCEEDED", description="More was asked for than is allowed.")
    UNAVAILABLE = strawberry.enum_value("UNAVAILABLE", description="Something that is needed did not answer.")


@strawberry.type(description="What the pipeline does with a task at the moment.", directives=EVERYONE)
class Processing:
    state: ProcessingState = described("How far the run of the workflow has come.")
    step: str | None = described("The last step that was taken.")
    error: str | None = described("Why the run failed, in words.")
    started_at: AWSDateTime | None = described("When the run took the task up.")
    finished_at: AWSDateTime | None = described("When the run came to its end.")


@strawberry.type(description="How far a task's subtasks are.", directives=EVERYONE)
class Progress:
    total: int = described("How many there are, deleted ones not counted.")
    completed: int = described("How many of them are completed.")


@strawberry.type(description="How a task comes again, by its owner's wall clock.", directives=EVERYONE)
class Recurrence:
    frequency: Frequency = described("In what it counts.")
    interval: int = described("Every so many days, weeks or months.")
    weekdays: list[Weekday] = described("WEEKLY: on those days; empty: on that of the due date.")
    day_of_month: int | None = described(
        "MONTHLY: on that day, or a shorter month's last; null: on that of the due date."
    )
    until: AWSDateTime | None = described("Nothing comes again after that.")


@strawberry.type(description="What the caller may do with a task.", directives=PEOPLE)
class TaskPermissions:
    update: bool = described("Change its details and its status.")
    delete: bool = described("Delete and restore it.")


First = Annotated[int | None, strawberry.argument(description="How many at most: 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="A cursor of this list; not counted in.")]


@strawberry.type(description="A student's task.", directives=EVERYONE)
class Task:
    id: strawberry.ID = described("Unique among its owner's tasks.")
    owner_id: strawberry.ID = described("Whose task it is.")
    title: str = described("1 to 200 characters.")
    description: str | None = described("At most 10,000 characters.")
    status: TaskStatus = described("How far the student has come.")
    priority: Priority = described("How much it matters.")
    labels: list[str] = described("At most 20, of at most 50 characters each.")
    due_at: AWSDateTime | None = described("When it is to be completed.")
    time_zone: str = described("Where its owner is, as an IANA name: Europe/Vienna.")
    remind_before: list[int] = described("When reminders are sent, in minutes before `dueAt`.")
    recurrence: Recurrence | None = described("How it comes again: completing it makes the next, once.")
    overdue: bool = described("Whether the due date has passed with the task still open.")
    completed_at: AWSDateTime | None = described("When it was completed.")
    completed_late: bool = described("Whether that was after the due date.")
    created_at: AWSDateTime = described("When it was made.")
    updated_at: AWSDateTime = described("When it was changed last, by a person or by the pipeline.")
    deleted_at: AWSDateTime | None = described(
        "When it was deleted; some weeks later it is forgotten, and its history with it."
    )
    version: int = described(
        "Grows by one with every change, whoever makes it. Those of a deleted task make no events."
    )
    processing: Processing = described("What the pipeline does with it.")
    parent_id: strawberry.ID | None = described("The task that this is a subtask of.")
    progress: Progress = described("How far its subtasks are; some seconds behind them.")

    @strawberry.field(description="What the caller may do with it; null in a push.", directives=PEOPLE)
    def viewer_can(self) -> TaskPermissions | None: ...

    @strawberry.field(description="What happened to it, newest first; null in a push.", directives=PEOPLE)
    def history(self, first: First = 20, after: After = UNSET) -> "TaskEventConnection | None": ...


@strawberry.type(
    description="One field of a task before and after a change, as text; a list as JSON.", directives=EVERYONE
)
class FieldChange:
    field: str = described("The field's name in `Task`.")
    before: str | None = described("Null where there was no value.")
    after: str | None = described("Null where there is no value any more.")


@strawberry.type(description="A change of a task: what subscribers get and what history keeps.", directives=EVERYONE)
class TaskEvent:
    id: strawberry.ID = described("The task's id and version.")
    task_id: strawberry.ID = described("Which task.")
    owner_id: strawberry.ID = described("Whose task it is.")
    version: int = described("The task's version. Events can arrive twice: drop what is not newer.")
    at: AWSDateTime = described("When the change was made.")
    type: TaskEventType = described("What happened.")
    status: TaskStatus = described("The task's status after the change.")
    previous_status: TaskStatus | None = described("The status before, where it changed.")
    actor: str | None = described("Who made the change; null for the pipeline.")
    changes: list[FieldChange] = described("What changed, field by field.")
    task: Task = described("The task as of this version.")


@strawberry.type(description="An event and its place in the list.", directives=PEOPLE)
class TaskEventEdge:
    cursor: str = described("Stands behind this event; good for the same list only.")
    node: TaskEvent = described("The event.")


@strawberry.type(description="A page of events, newest first.", directives=PEOPLE)
class TaskEventConnection:
    edges: list[TaskEventEdge] = described("The events with their cursors.")
    nodes: list[TaskEvent] = described("The events.")
    page_info: "PageInfo" = described("Where the page stands.")


@strawberry.type(description="Why a request was refused.", directives=PEOPLE)
class UserError:
    code: ErrorCode = described("What to branch on.")
    message: str = described("For people.")
    field: list[str] | None = described("The path of the argument that is at fault.")
    current_version: int | None = described("With CONFLICT: the version that is stored.")


@strawberry.type(description="What became of a change.", directives=PEOPLE)
class TaskPayload:
    task: Task | None = described("The task as it is stored now; with CONFLICT, too. Null when there is none.")
    errors: list[UserError] = described("Empty when the change was made.")


@strawberry.type(description="A task and its place in the list.", directives=PEOPLE)
class TaskEdge:
    cursor: str = described("Stands behind this task; good for the same list only.")
    node: Task = described("The task.")


@strawberry.type(description="Where a page stands in its list.", directives=PEOPLE)
class PageInfo:
    has_next_page: bool = described("Whether more follows.")
    has_previous_page: bool = described("Whether the page was asked for with `after`.")
    start_cursor: str | None = described("The cursor of the first edge.")
    end_cursor: str | None = described("The cursor of the last edge: `after` for the next page.")


@strawberry.type(description="A page of tasks.", directives=PEOPLE)
class TaskConnection:
    edges: list[TaskEdge] = described("The tasks with their cursors.")
    nodes: list[Task] = described("The tasks.")
    page_info: PageInfo = described("Where the page stands.")


@strawberry.type(description="Who is asking.", directives=PEOPLE)
class Viewer:
    id: strawberry.ID = described("The caller's id, which is the `ownerId` of the caller's tasks.")
    name: str = described("The name that the caller signed in with.")
    groups: list[str] = described("The groups that the caller is in.")
    time_zone: str = described("Where the caller is, as an IANA name: Europe/Vienna. UTC until it is set.")
    default_reminders: list[int] = described("Minutes before `dueAt`, for tasks made without reminders of their own.")


@strawberry.type(description="What became of a change of the caller's settings.", directives=PEOPLE)
class ViewerPayload:
    viewer: Viewer | None = described("The settings as they are now.")
    errors: list[UserError] = described("Empty when the change was made.")


@strawberry.type(description="A reminder; forgotten some months after it was sent.", directives=PEOPLE)
class Notification:
    id: strawberry.ID = described("The task's id and the instant.")
    task_id: strawberry.ID = described("Which task.")
    at: AWSDateTime = described("The instant that the reminder was set for.")
    sent_at: AWSDateTime = described("When it was sent: later, if the service was down.")
    title: str = described("The task's title at that time.")
    due_at: AWSDateTime = described("The task's due date at that time.")
    read: bool = described("Whether the caller has marked it as read.")


@strawberry.type(description="A notification and its place in the list.", directives=PEOPLE)
class NotificationEdge:
    cursor: str = described("Stands behind this notification.")
    node: Notification = described("The notification.")


@strawberry.type(description="A page of notifications, newest first.", directives=PEOPLE)
class NotificationConnection:
    edges: list[NotificationEdge] = described("The notifications with their cursors.")
    nodes: list[Notification] = described("The notifications.")
    page_info: PageInfo = described("Where the page stands.")
    unread_count: int = described("How many are not read, in the whole list; counted up to 100.")


@strawberry.type(description="What became of marking notifications as read.", directives=PEOPLE)
class NotificationsPayload:
    read_until: AWSDateTime | None = described("Notifications that were sent until then are read.")
    errors: list[UserError] = described("Empty when it was done.")


@strawberry.type(
    description="An owner's tasks in numbers, some seconds behind the tasks. A completion counts on its day in the "
    "task's time zone; today is where the owner is.",
    directives=PEOPLE,
)
class TaskStats:
    pending: int = described("How many are pending.")
    in_progress: int = described("How many are in progress.")
    completed: int = described("How many are completed.")
    overdue: int = described("How many are overdue.")
    completed_this_week: int = described("How many were completed this week, Monday to Sunday.")
    streak_days: int = described("On how many days in a row, up to today, a task was completed.")
