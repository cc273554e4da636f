"""What callers send, checked and turned into commands."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from tasks.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from tasks.instants import to_milliseconds
from tasks.ports import EventQuery, OrderDirection, TaskOrderField, TaskQuery
from tasks.task import Priority, TaskStatus

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_DEFAULT_FIRST = 50
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _instant(value: datetime) -> datetime:
    if not _EARLIEST <= value < _LATEST:
        raise ValueError("Must be between the years 1970 and 9000")
    return to_milliseconds(value)


TaskId = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]{1,64}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Description = Annotated[str, StringConstraints(max_length=10_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Labels = Annotated[tuple[Label, ...], Field(max_length=20), AfterValidator(_distinct)]
Minutes = Annotated[int, Field(ge=0, le=43_200)]
Reminders = Annotated[tuple[Minutes, ...], Field(max_length=10), AfterValidator(_distinct)]
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
Version = Annotated[int, Field(ge=1)]

# What a field holds after it was cleared with null, where that is not null itself.
_CLEARED: dict[str, object] = {"priority": Priority.NORMAL, "labels": (), "remind_before": ()}


class Input(BaseModel):
    """An input of the contract, under its camel-case names. Unknown fields are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    def given(self, *left_out: str) -> dict[str, Any]:
        """The fields that were named, also with null, each with the value that it stands for."""
        names = self.model_fields_set.difference(left_out)
        values = {name: getattr(self, name) for name in names}
        return {name: _CLEARED.get(name) if value is None else value for name, value in values.items()}


class CreateTaskInput(Input):
    """`CreateTaskInput` of the contract."""

    id: TaskId | None = None
    title: Title
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    due_at: Instant | None = None
    remind_before: Reminders | None = None

    def command(self, owner_id: str) -> CreateTask:
        """The command that the caller gives."""
        return CreateTask(owner_id, **self.given())


class UpdateTaskInput(Input):
    """`UpdateTaskInput` of the contract."""

    id: TaskId
    title: Title = ""
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    due_at: Instant | None = None
    remind_before: Reminders | None = None
    expected_version: Version | None = None

    def command(self, owner_id: str) -> UpdateTask:
        """The command that the caller gives."""
        return UpdateTask(owner_id, self.id, self.given("id", "expected_version"), self.expected_version)


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


class _Filter(Input):
    status: TaskStatus | None = None


class _Order(Input):
    field: TaskOrderField = TaskOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC


OwnerId = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class TaskArguments(Input):
    """The arguments of `Query.task`."""

    id: TaskId
    owner_id: OwnerId | None = None


class ListArguments(Input):
    """The arguments that all lists have; null means the same as leaving out."""

    owner_id: OwnerId | None = None
    first: Annotated[int, Field(ge=1, le=100)] | None = None
    after: Annotated[str, StringConstraints(max_length=1_000)] | None = None

    @property
    def most(self) -> int:
        """How many at most."""
        return self.first or _DEFAULT_FIRST


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
        return TaskQuery(owner_id, self.filter.status if self.filter else None, order.field, order.direction)
