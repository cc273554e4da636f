"""Input types of the schema. `Task` describes the limits of lists and strings; the resolvers check them."""

from types import GenericAlias
from typing import Any

import strawberry
from strawberry.types import get_object_definition

from taskbell.domain.occurrences import OccurrenceRange
from taskbell.domain.planning import DuePeriod
from taskbell.domain.queries import OrderDirection, TaskOrderField
from taskbell.domain.recurrence import Frequency, Weekday
from taskbell.domain.task import Priority, TaskStatus
from taskbell.graphql_schema.directives import EVERYONE, AWSDateTime
from taskbell.graphql_schema.types import (
    FieldChange,
    Notification,
    NotificationPush,
    Processing,
    Progress,
    Recurrence,
    Task,
    TaskEvent,
    TaskEventPayload,
    described,
)

strawberry.enum(
    TaskOrderField,
    description="Field that a list is ordered by. Ordered by due date, it has only tasks with one. Titles are ordered "
    "ignoring case and accents, with numbers by their value, priorities from LOW to URGENT; RANK is the order that the "
    "owner drags.",
)
strawberry.enum(
    DuePeriod,
    description="When tasks are due: OVERDUE are open ones whose due date has passed; TODAY is from midnight to "
    "midnight in the owner's time zone, UPCOMING the days after it.",
)
strawberry.enum(OrderDirection, description="Direction of the order.")


def repeatable() -> Any:
    """Return the field by which clients name a change."""
    return described(
        "The client's own id of the change, `[A-Za-z0-9_-]{1,64}`: within a day, a repetition has no second effect and "
        "succeeds, with what is stored then."
    )


def due_date() -> Any:
    """Return the field for a due date, whose form the resolvers check: AppSync's scalars would fail the request."""
    return described(
        "When it is to be completed: an instant (`2027-01-15T18:00:00+01:00`, or with `Z`), a local time in `timeZone` "
        "(`2027-01-15T18:00`), or a day there (`2027-01-15`), which is over at its end. Seconds are optional."
    )


def rank(text: str) -> Any:
    """Return the field for a place in the order."""
    return described(f"{text} A text as `generateKeyBetween` of the npm package `fractional-indexing` makes it.")


@strawberry.input(
    description="How a task repeats, in its owner's local time: the rule of RFC 5545 as text, in parts, or both alike."
)
class RecurrenceInput:
    rrule: str | None = described("RRULE of RFC 5545, which begins with `dueAt`: `FREQ=WEEKLY;BYDAY=MO,FR`.")
    freq: Frequency | None = described("Unit; required without `rrule`.")
    interval: int | None = described("Number of units between two with due dates, 1 to 1000; defaults to 1.")
    count: int | None = described("Number of due dates, with this one; not with `until`.")
    until: AWSDateTime | None = described("The latest due date; after `dueAt`, in whole seconds.")
    by_month: list[int] | None = described("Only in these months, 1 to 12.")
    by_month_day: list[int] | None = described("Only on these days of the month; -1 is its last. Not WEEKLY.")
    by_day: list[str] | None = described(
        "Only on these weekdays: MO; MONTHLY and YEARLY also 1MO for the first, -1FR for the last."
    )
    by_set_pos: list[int] | None = described("Only these of the days that a unit has: -1 is its last.")
    wkst: Weekday | None = described("The first day of the week; defaults to MO.")
    after_completion: bool | None = described(
        "Begins with the day of completion instead of `dueAt`; only DAILY and WEEKLY, without days."
    )


@strawberry.input(description="A new task.")
class CreateTaskInput:
    key: strawberry.ID | None = described(
        "Optional id of the client, `[A-Za-z0-9_-]{1,64}`; makes the request idempotent, and names the task as its id "
        "does. A UUID of version 7 of the last 30 days is the task's id."
    )
    title: str = described("1 to 200 characters, after trimming white space.")
    description: str | None = described("At most 10,000 characters.")
    priority: Priority | None = described("Defaults to NORMAL.")
    labels: list[str] | None = described("At most 20, of at most 50 characters each, whatever their case.")
    status: TaskStatus | None = described("Defaults to PENDING; one that repeats cannot be COMPLETED.")
    due_at: str | None = due_date()
    time_zone: str | None = described("The owner's time zone as an IANA name; defaults to the viewer's.")
    remind_before: list[int] | None = described(
        "At most 10 values of 0 to 43,200 minutes before `dueAt`; defaults to the viewer's."
    )
    remind_at: list[AWSDateTime] | None = described(
        "At most 10 other times at which to remind, also without a due date or after it; past ones have no effect."
    )
    recurrence: RecurrenceInput | None = described("How it repeats; requires `dueAt`.")
    parent_id: strawberry.ID | None = described("The id or key of the parent of a subtask; not a subtask itself.")
    rank: str | None = rank("Its place in the order; defaults to behind all older ones.")
    list_id: strawberry.ID | None = described("The id of its list; not of a subtask.")
    section_id: strawberry.ID | None = described("The id of its section; stands for the list too.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="New details of a task. Omitted fields stay unchanged; null clears a field.")
class UpdateTaskInput:
    id: strawberry.ID = described("The task's id or key.")
    title: str | None = described("1 to 200 characters; cannot be cleared.")
    description: str | None = described("At most 10,000 characters.")
    priority: Priority | None = described("NORMAL when cleared.")
    labels: list[str] | None = described("Replaces all labels.")
    add_labels: list[str] | None = described("Adds labels, whatever else it has; one of other case is the same.")
    remove_labels: list[str] | None = described("Removes labels, whatever their case.")
    due_at: str | None = due_date()
    time_zone: str | None = described("An IANA name; UTC when cleared.")
    remind_before: list[int] | None = described("Replaces the reminders before the due date.")
    remind_at: list[AWSDateTime] | None = described("Replaces the reminders at other times.")
    recurrence: RecurrenceInput | None = described("Replaces the recurrence; null ends the series with this task.")
    parent_id: strawberry.ID | None = described(
        "Moves it below the task of this id or key, if it has no subtasks itself; null makes it a task of its own."
    )
    rank: str | None = rank("Another place in the order; cannot be cleared.")
    list_id: strawberry.ID | None = described("Moves it into the list of this id; null moves it out of its list.")
    section_id: strawberry.ID | None = described(
        "Moves it into this section, and so into its list; null moves it out of its section."
    )
    range: OccurrenceRange | None = described(
        "Whether the occurrences after it change too; defaults to THISANDFUTURE. `recurrence` is of them all."
    )
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A new status of a task.")
class SetTaskStatusInput:
    id: strawberry.ID = described("The task's id or key.")
    status: TaskStatus = described("Any status may follow any other.")
    rank: str | None = rank("Another place in the order, as of a task that is dragged to another column.")
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="An open occurrence of a recurring task to skip.")
class SkipOccurrenceInput:
    id: strawberry.ID = described("The task's id or key.")
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A task to delete.")
class DeleteTaskInput:
    id: strawberry.ID = described("The task's id or key.")
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A deleted task to restore, within the retention period.")
class RestoreTaskInput:
    id: strawberry.ID = described("The task's id or key.")
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A deleted task to delete for good.")
class PurgeTaskInput:
    id: strawberry.ID = described("The task's id or key.")
    expected_version: int | None = described("CONFLICT if the task was edited after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="The trash is to be emptied.")
class EmptyTrashInput:
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Changes to take back.")
class UndoInput:
    tokens: list[str] = described("`undo` of 1 to 25 payloads of the last ten minutes.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Another name of a label.")
class RenameLabelInput:
    name: str = described("The label, whatever its case.")
    new_name: str = described("At most 50 characters. A task that has both labels keeps one.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A label to remove from all tasks.")
class DeleteLabelInput:
    name: str = described("The label, whatever its case.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Hours of the day in which no reminder is sent.")
class QuietHoursInput:
    from_: str = strawberry.field(name="from", description="A local time: 22:00.")
    to: str = described("Another local time, on the next day if it is the earlier one: 07:00.")


@strawberry.input(description="New settings of the caller. Omitted fields stay unchanged; null restores the default.")
class UpdateViewerInput:
    time_zone: str | None = described("An IANA name: Europe/Vienna.")
    default_reminders: list[int] | None = described("At most 10 values of 0 to 43,200 minutes.")
    quiet_hours: QuietHoursInput | None = described("In the time zone of these settings; null for none.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A calendar feed to make, or to give another address.")
class RenewCalendarFeedInput:
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="The calendar feed to take away.")
class DisableCalendarFeedInput:
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Notifications to mark as read, by time.")
class MarkNotificationsReadInput:
    until: AWSDateTime = described("All that were sent until then: `sentAt` of the newest one seen.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Notifications to mark as read, by their ids.")
class ReadNotificationsInput:
    ids: list[strawberry.ID] = described("The ids of 1 to 25 notifications.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Notifications to dismiss: they leave the list.")
class DismissNotificationsInput:
    ids: list[strawberry.ID] = described("The ids of 1 to 25 notifications.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A notification to dismiss, and to send again later.")
class SnoozeNotificationInput:
    id: strawberry.ID = described("The notification's id.")
    until: AWSDateTime = described("When to remind again: in the future.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="Filter of a list of tasks.")
class TaskFilter:
    due: DuePeriod | None = described(
        "Only tasks and subtasks due in this period, by default ordered by due date; instead of `dueAfter`, "
        "`dueBefore`, `hasDueDate` and `overdue`."
    )
    days: int | None = described("UPCOMING only: the number of days after today, 1 to 366; defaults to 7.")
    statuses: list[TaskStatus] | None = described(
        "Only tasks with one of these statuses; an empty list returns no tasks."
    )
    priority: Priority | None = described("Only tasks with this priority.")
    labels_any: list[str] | None = described(
        "Only tasks with one of these labels, ignoring case; an empty list returns no tasks. At most 20."
    )
    labels_all: list[str] | None = described("Only tasks with all of these labels, ignoring case. At most 20.")
    due_after: AWSDateTime | None = described("Only tasks due at this time or later.")
    due_before: AWSDateTime | None = described("Only tasks due before this time; none if that is not after `dueAfter`.")
    has_due_date: bool | None = described("Only tasks with a due date, or only those without.")
    overdue: bool | None = described("Only overdue tasks, or only others.")
    search: str | None = described(
        "Only tasks whose title or description has all of these words, each as the beginning of one, ignoring case, "
        "accents and hyphens. At most 200 characters; blank, it finds everything."
    )
    parent_id: strawberry.ID | None = described("Only subtasks of the task of this id or key.")
    list_id: strawberry.ID | None = described("Only tasks of the list of this id, which has no subtasks.")
    section_id: strawberry.ID | None = described("Only tasks of the section of this id.")
    in_list: bool | None = described("Only tasks in some list, or only those in none, as all subtasks are.")
    include_subtasks: bool | None = described(
        "Whether subtasks are in the list beside other tasks; defaults to true with `due` and if `search` has words."
    )


@strawberry.input(description="Order of a list.")
class TaskOrder:
    field: TaskOrderField = described("Field.")
    direction: OrderDirection = described("Direction.")


def _mirror(output: type, name: str, inputs: dict[object, object]) -> Any:
    """Return an input type with the fields of an output type: the pipeline publishes what subscribers receive.

    Fields that the pipeline may not select have resolvers of their own, and are not pushed.
    """
    definition = get_object_definition(output, strict=True)
    of_output = output.__annotations__
    names = [field.python_name for field in definition.fields if field.directives in ([], EVERYONE)]
    annotations = {name: inputs.get(of_output[name], of_output[name]) for name in names}
    descriptions = {field.python_name: field.description or "" for field in definition.fields}
    described_fields = {name: described(descriptions[name]) for name in names}
    mirrored = type(name, (), {"__annotations__": annotations, **described_fields})
    return strawberry.input(mirrored, description=f"{definition.name}, as the pipeline publishes it.")


FieldChangeInput = _mirror(FieldChange, "FieldChangeInput", {})
ProcessingInput = _mirror(Processing, "ProcessingInput", {})
ProgressInput = _mirror(Progress, "ProgressInput", {})
TaskInput = _mirror(
    Task, "TaskInput", {Processing: ProcessingInput, Progress: ProgressInput, Recurrence | None: RecurrenceInput | None}
)
TaskEventInput = _mirror(TaskEvent, "TaskEventInput", {list[FieldChange]: GenericAlias(list, FieldChangeInput)})
TaskEventPayloadInput = _mirror(TaskEventPayload, "TaskEventPayloadInput", {Task: TaskInput, TaskEvent: TaskEventInput})
NotificationInput = _mirror(Notification, "NotificationInput", {Task | None: TaskInput | None})
NotificationPushInput = _mirror(
    NotificationPush, "NotificationPushInput", {Notification | None: NotificationInput | None}
)
