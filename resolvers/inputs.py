"""What callers send, checked and turned into commands."""

from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from taskbell.api.field_types import (
    Cursor,
    DeadLetterIds,
    Description,
    First,
    Instant,
    Label,
    Labels,
    OwnerId,
    Reminders,
    TaskId,
    TimeZone,
    Title,
    TitlePrefix,
    Version,
    YesOrNo,
    distinct,
)
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.recurrence import Frequency, Recurrence, Weekday
from taskbell.domain.task import Priority, TaskStatus

# What a field holds after it was cleared with null, where that is not null itself.
_CLEARED: dict[str, object] = {
    "priority": Priority.NORMAL,
    "labels": (),
    "remind_before": (),
    "time_zone": "UTC",
    "default_reminders": (),
}


class Input(BaseModel):
    """An input of the contract, under its camel-case names. Unknown fields are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    def has(self, name: str) -> bool:
        """Whether a field was named with a value: with a new task, null means the same as leaving out."""
        return getattr(self, name) is not None

    def given(self, *left_out: str) -> dict[str, Any]:
        """The fields that were named, also with null, each with the value that it stands for."""
        names = self.model_fields_set.difference(left_out)
        values = {name: getattr(self, name) for name in names}
        return {name: _meant(name, value) for name, value in values.items()}


def _meant(name: str, value: object) -> object:
    if isinstance(value, RecurrenceInput):
        return value.value
    return _CLEARED.get(name) if value is None else value


# What a recurrence can say of its days, and with which frequency.
_FREQUENCIES = {"weekdays": Frequency.WEEKLY, "day_of_month": Frequency.MONTHLY}


class RecurrenceInput(Input):
    """`RecurrenceInput` of the contract."""

    frequency: Frequency
    interval: Annotated[int, Field(ge=1, le=366, strict=True)] | None = None
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7), AfterValidator(distinct)] | None = None
    day_of_month: Annotated[int, Field(ge=1, le=31, strict=True)] | None = None
    until: Instant | None = None

    @field_validator(*_FREQUENCIES)
    @classmethod
    def _belongs(cls, value: object, info: ValidationInfo) -> object:
        frequency = _FREQUENCIES[info.field_name or ""]
        if value and info.data.get("frequency", frequency) is not frequency:
            raise ValueError(f"Goes with {frequency.value} only")
        return value

    @property
    def value(self) -> Recurrence:
        """The recurrence that is meant."""
        return Recurrence(self.frequency, self.interval or 1, self.weekdays or (), self.day_of_month, self.until)


class CreateTaskInput(Input):
    """`CreateTaskInput` of the contract."""

    id: TaskId | None = None
    title: Title
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    due_at: Instant | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    recurrence: RecurrenceInput | None = None
    parent_id: TaskId | None = None

    def command(self, owner_id: str) -> CreateTask:
        """The command that the caller gives."""
        return CreateTask(owner_id, **{name: value for name, value in self.given().items() if self.has(name)})


class UpdateTaskInput(Input):
    """`UpdateTaskInput` of the contract."""

    id: TaskId
    title: Title = ""
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    due_at: Instant | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    recurrence: RecurrenceInput | None = None
    expected_version: Version | None = None

    def command(self, owner_id: str) -> UpdateTask:
        """The command that the caller gives."""
        return UpdateTask(owner_id, self.id, self.given("id", "expected_version"), self.expected_version)


class UpdateTasksArguments(Input):
    """The arguments of `Mutation.updateTasks`; each input is checked by itself."""

    input: tuple[Any, ...]


class SetTaskStatusInput(Input):
    """`SetTaskStatusInput` of the contract."""

    id: TaskId
    status: TaskStatus
    expected_version: Version | None = None

    def command(self, owner_id: str) -> SetTaskStatus:
        """The command that the caller gives."""
        return SetTaskStatus(owner_id, self.id, self.status, self.expected_version)


class DeleteTaskInput(Input):
    """`DeleteTaskInput` of the contract."""

    id: TaskId
    expected_version: Version | None = None

    def command(self, owner_id: str) -> DeleteTask:
        """The command that the caller gives."""
        return DeleteTask(owner_id, self.id, self.expected_version)


class RestoreTaskInput(Input):
    """`RestoreTaskInput` of the contract."""

    id: TaskId
    expected_version: Version | None = None

    def command(self, owner_id: str) -> RestoreTask:
        """The command that the caller gives."""
        return RestoreTask(owner_id, self.id, self.expected_version)


class UpdateViewerInput(Input):
    """`UpdateViewerInput` of the contract."""

    time_zone: TimeZone | None = None
    default_reminders: Reminders | None = None

    def changed(self, profile: Profile) -> Profile:
        """The settings with what the caller gives."""
        return replace(profile, **self.given())


class MarkNotificationsReadInput(Input):
    """`MarkNotificationsReadInput` of the contract."""

    until: Instant


class RedriveDeadLettersInput(Input):
    """`RedriveDeadLettersInput` of the contract."""

    ids: DeadLetterIds | None = None
    all: YesOrNo | None = None

    @property
    def selected_ids(self) -> tuple[str, ...] | None:
        """The given ids; None for all. Raises InvalidInputError unless exactly one of the two is given."""
        if self.ids and self.all:
            raise InvalidInputError("Give either `ids` or `all: true`, not both.", ("all",))
        if not self.ids and not self.all:
            raise InvalidInputError("Give `ids` or `all: true`.", ("ids",))
        return self.ids


class _Filter(Input):
    statuses: Annotated[tuple[TaskStatus, ...], Field(max_length=10), AfterValidator(distinct)] | None = None
    priority: Priority | None = None
    label: Label | None = None
    due_after: Instant | None = None
    due_before: Instant | None = None
    overdue: YesOrNo | None = None
    title_prefix: TitlePrefix | None = None
    parent_id: TaskId | None = None


class _Order(Input):
    field: TaskOrderField = TaskOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC


class OwnerArguments(Input):
    """The arguments of `Query.taskStats`."""

    owner_id: OwnerId | None = None


class TaskArguments(OwnerArguments):
    """The arguments of `Query.task`."""

    id: TaskId


class FirstArguments(Input):
    """The arguments of `Query.deadLetters`; null means the same as leaving out."""

    default_first: ClassVar[int] = 20

    first: First | None = None

    @property
    def most(self) -> int:
        """How many at most."""
        return self.first or self.default_first


class HistoryArguments(FirstArguments):
    """The arguments of `Task.history`."""

    after: Cursor | None = None


class ListArguments(HistoryArguments):
    """The arguments that all lists of an owner have."""

    default_first: ClassVar[int] = 50

    owner_id: OwnerId | None = None


class ActivityArguments(ListArguments):
    """The arguments of `Query.activity`."""

    task_id: TaskId | None = None

    def query(self, owner_id: str) -> EventQuery:
        """The list that the caller asks for."""
        return EventQuery(owner_id, self.task_id)


class TasksArguments(ListArguments):
    """The arguments of `Query.tasks`."""

    filter: _Filter | None = None
    order_by: _Order | None = None

    def query(self, owner_id: str) -> TaskQuery:
        """The list that the caller asks for."""
        order = self.order_by or _Order()
        criteria = {name: value for name, value in dict(self.filter or ()).items() if value is not None}
        return TaskQuery(owner_id, order_by=order.field, direction=order.direction, **criteria)
