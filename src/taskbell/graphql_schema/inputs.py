"""What callers may send. Lists and texts have the limits that `Task` names; the resolvers check them."""

from types import GenericAlias
from typing import Any

import strawberry
from strawberry.types import get_object_definition

from taskbell.domain.queries import OrderDirection, TaskOrderField
from taskbell.domain.recurrence import Frequency, Weekday
from taskbell.domain.task import Priority, TaskStatus
from taskbell.graphql_schema.directives import AWSDateTime
from taskbell.graphql_schema.types import FieldChange, Processing, Progress, Recurrence, Task, TaskEvent, described

strawberry.enum(TaskOrderField, description="What a list is ordered by. By due date, only tasks that have one.")
strawberry.enum(OrderDirection, description="Which end of the order comes first.")


@strawberry.input(description="How a task comes again, by its owner's wall clock.")
class RecurrenceInput:
    frequency: Frequency = described("In what it counts.")
    interval: int | None = described("Every so many days, weeks or months: 1 to 366; 1 if left out.")
    weekdays: list[Weekday] | None = described("WEEKLY only: on those days; on that of the due date if left out.")
    day_of_month: int | None = described(
        "MONTHLY only: 1 to 31, or a shorter month's last; that of the due date if left out."
    )
    until: AWSDateTime | None = described("Nothing comes again after that; after `dueAt`.")


@strawberry.input(description="A new task.")
class CreateTaskInput:
    id: strawberry.ID | None = described("An id of your choice, `[A-Za-z0-9_-]{1,64}`: repeating makes no second task.")
    title: str = described("1 to 200 characters, white space around it not counted.")
    description: str | None = described("At most 10,000 characters.")
    priority: Priority | None = described("NORMAL if left out.")
    labels: list[str] | None = described("At most 20, of at most 50 characters each.")
    due_at: AWSDateTime | None = described("When it is to be completed.")
    time_zone: str | None = described("Where its owner is, as an IANA name; the viewer's if left out.")
    remind_before: list[int] | None = described(
        "At most 10 values of 0 to 43,200 minutes before `dueAt`; the viewer's if left out."
    )
    recurrence: RecurrenceInput | None = described("How it comes again; needs `dueAt`.")
    parent_id: strawberry.ID | None = described("Makes it a subtask of that task, which is no subtask itself.")


@strawberry.input(description="Other details for a task. What is left out stays; null clears what can be empty.")
class UpdateTaskInput:
    id: strawberry.ID = described("Which task.")
    title: str | None = described("1 to 200 characters; cannot be cleared.")
    description: str | None = described("At most 10,000 characters.")
    priority: Priority | None = described("NORMAL when cleared.")
    labels: list[str] | None = described("Replaces all labels.")
    due_at: AWSDateTime | None = described("When it is to be completed.")
    time_zone: str | None = described("An IANA name; UTC when cleared.")
    remind_before: list[int] | None = described("Replaces all reminders.")
    recurrence: RecurrenceInput | None = described("Replaces the recurrence; null ends it.")
    expected_version: int | None = described("CONFLICT if somebody edited the task after this version.")


@strawberry.input(description="Another status for a task.")
class SetTaskStatusInput:
    id: strawberry.ID = described("Which task.")
    status: TaskStatus = described("Any status can follow any other.")
    expected_version: int | None = described("CONFLICT if somebody edited the task after this version.")


@strawberry.input(description="A task to delete.")
class DeleteTaskInput:
    id: strawberry.ID = described("Which task.")
    expected_version: int | None = described("CONFLICT if somebody edited the task after this version.")


@strawberry.input(description="A deletion to take back, as long as the table remembers the task.")
class RestoreTaskInput:
    id: strawberry.ID = described("Which task.")
    expected_version: int | None = described("CONFLICT if somebody edited the task after this version.")


@strawberry.input(description="Other settings for the caller. What is left out stays; null brings back the default.")
class UpdateViewerInput:
    time_zone: str | None = described("An IANA name: Europe/Vienna.")
    default_reminders: list[int] | None = described("At most 10 values of 0 to 43,200 minutes.")


@strawberry.input(description="Which notifications have been read.")
class MarkNotificationsReadInput:
    until: AWSDateTime = described("All that were sent until then: `sentAt` of the newest that was seen.")


@strawberry.input(description="Which tasks a list holds.")
class TaskFilter:
    statuses: list[TaskStatus] | None = described("Only tasks of one of these statuses: an empty list holds none.")
    priority: Priority | None = described("Only tasks of this priority.")
    label: str | None = described("Only tasks with this label, letter for letter.")
    due_after: AWSDateTime | None = described("Only tasks that are due at this instant or later.")
    due_before: AWSDateTime | None = described(
        "Only tasks that are due before this instant: none if that is not after `dueAfter`."
    )
    overdue: bool | None = described("Only tasks that are overdue, or that are not.")
    title_prefix: str | None = described("Only tasks whose title begins so, in whatever case.")
    parent_id: strawberry.ID | None = described("The subtasks of this task, by creation; without it, no subtasks.")


@strawberry.input(description="How a list is ordered.")
class TaskOrder:
    field: TaskOrderField = described("What it is ordered by.")
    direction: OrderDirection = described("Which end comes first.")


def _mirror(output: type, name: str, inputs: dict[object, object]) -> Any:
    """The input type with the fields of an output type: what the pipeline publishes is what subscribers get.

    Fields that are answered on their own, for one caller, are not published.
    """
    definition = get_object_definition(output, strict=True)
    of_output = output.__annotations__
    published = [field for field in definition.fields if field.base_resolver is None]
    names = [field.python_name for field in published]
    annotations = {name: inputs.get(of_output[name], of_output[name]) for name in names}
    described_fields = {field.python_name: described(field.description or "") for field in published}
    mirrored = type(name, (), {"__annotations__": annotations, **described_fields})
    return strawberry.input(mirrored, description=f"{definition.name}, as the pipeline publishes it.")


FieldChangeInput = _mirror(FieldChange, "FieldChangeInput", {})
ProcessingInput = _mirror(Processing, "ProcessingInput", {})
ProgressInput = _mirror(Progress, "ProgressInput", {})
TaskInput = _mirror(
    Task, "TaskInput", {Processing: ProcessingInput, Progress: ProgressInput, Recurrence | None: RecurrenceInput | None}
)
_EVENT_INPUTS: dict[object, object] = {Task: TaskInput, list[FieldChange]: GenericAlias(list, FieldChangeInput)}
TaskEventInput = _mirror(TaskEvent, "TaskEventInput", _EVENT_INPUTS)
