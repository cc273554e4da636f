"""Arguments, validated and converted into commands and queries."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from resolvers.recurrence_input import RecurrenceInput
from resolvers.references import TaskName
from taskbell.api.field_types import (
    ChangesCursor,
    ClientMutationId,
    Cursor,
    Days,
    DeadLetterIds,
    Description,
    DueDate,
    FilterLabels,
    First,
    Instant,
    Labels,
    NotificationIds,
    OwnerId,
    Reminders,
    ReminderTimes,
    Search,
    StrictBool,
    TaskId,
    TimeZone,
    Title,
    Version,
    distinct,
)
from taskbell.api.global_ids import parse_global_id
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, SkipOccurrence, UpdateTask
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.occurrences import OccurrenceRange
from taskbell.domain.planning import DuePeriod
from taskbell.domain.profile import Profile
from taskbell.domain.queries import EventQuery, OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.search import search_terms
from taskbell.domain.task import Priority, TaskStatus

# Values of fields that were cleared with null, other than None.
_VALUES_WHEN_CLEARED: dict[str, object] = {
    "priority": Priority.NORMAL,
    "labels": (),
    "remind_before": (),
    "remind_at": (),
    "time_zone": "UTC",
    "default_reminders": (),
}


def _task_id(value: str) -> str:
    parsed = parse_global_id(value)
    if parsed is None or parsed.type != "Task":
        raise PydanticCustomError("task_id", "Must be the id of a task")
    return value


class Input(BaseModel):
    """An input of the schema, with camel-case names. Unknown fields are errors."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

    def has(self, name: str) -> bool:
        """Return whether a field has a value; for a new task, null means the same as leaving it out."""
        return getattr(self, name) is not None

    def provided(self, *excluded: str) -> dict[str, Any]:
        """Return the fields that were provided, also as null, with their values for the domain."""
        names = self.model_fields_set.difference(excluded)
        values = {name: getattr(self, name) for name in names}
        return {name: _domain_value(name, value) for name, value in values.items()}


class Change(Input):
    """An input of a mutation, which a client can name so that a repetition has no second effect."""

    client_mutation_id: ClientMutationId | None = None

    def mutation(self, received_at: datetime) -> ClientMutation | None:
        """Return the client's mutation: what is changed in which task is told apart from what is expected of it."""
        if self.client_mutation_id is None:
            return None
        content = self.model_dump_json(exclude={"id", "expected_version", "client_mutation_id"}, exclude_unset=True)
        return ClientMutation(self.client_mutation_id, received_at, f"{type(self).__name__} {content}")


def _domain_value(name: str, value: object) -> object:
    if isinstance(value, RecurrenceInput):
        return value.value()
    return _VALUES_WHEN_CLEARED.get(name) if value is None else value


class CreateTaskInput(Change):
    """`CreateTaskInput` of the schema."""

    key: TaskId | None = None
    title: Title
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    status: TaskStatus | None = None
    due_at: DueDate | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    remind_at: ReminderTimes | None = None
    recurrence: RecurrenceInput | None = None
    parent_id: TaskName | None = None

    def command(self, owner_id: str, parent_id: str | None, now: datetime) -> CreateTask:
        """Return the command, received now."""
        provided = self.provided("parent_id", "client_mutation_id")
        given = {name: value for name, value in provided.items() if self.has(name)}
        return CreateTask(owner_id, **given, parent_id=parent_id, mutation=self.mutation(now))


class UpdateTaskInput(Change):
    """`UpdateTaskInput` of the schema."""

    id: TaskName
    title: Title = ""
    description: Description | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    add_labels: Labels | None = None
    remove_labels: Labels | None = None
    due_at: DueDate | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    remind_at: ReminderTimes | None = None
    recurrence: RecurrenceInput | None = None
    range: OccurrenceRange | None = None
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> UpdateTask:
        """Return the command, received now."""
        changes = self.provided("id", "add_labels", "remove_labels", "range", "expected_version", "client_mutation_id")
        return UpdateTask(
            owner_id,
            task_id,
            changes,
            self.expected_version,
            self.mutation(now),
            self.range or OccurrenceRange.THISANDFUTURE,
            self.add_labels or (),
            self.remove_labels or (),
        )

    @model_validator(mode="after")
    def _labels_in_one_way(self) -> Self:
        if (self.add_labels or self.remove_labels) and "labels" in self.model_fields_set:
            raise InvalidInputError("Give either `labels`, or `addLabels` and `removeLabels`.", ("labels",))
        return self


class ManyArguments(Input):
    """The arguments of mutations that change several tasks; inputs are validated one by one."""

    input: tuple[Any, ...]


class SetTaskStatusInput(Change):
    """`SetTaskStatusInput` of the schema."""

    id: TaskName
    status: TaskStatus
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> SetTaskStatus:
        """Return the command, received now."""
        return SetTaskStatus(owner_id, task_id, self.status, self.expected_version, self.mutation(now))


class SkipOccurrenceInput(Change):
    """`SkipOccurrenceInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> SkipOccurrence:
        """Return the command, received now."""
        return SkipOccurrence(owner_id, task_id, self.expected_version, self.mutation(now))


class DeleteTaskInput(Change):
    """`DeleteTaskInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> DeleteTask:
        """Return the command, received now."""
        return DeleteTask(owner_id, task_id, self.expected_version, self.mutation(now))


class RestoreTaskInput(Change):
    """`RestoreTaskInput` of the schema."""

    id: TaskName
    expected_version: Version | None = None

    def command(self, owner_id: str, task_id: str, now: datetime) -> RestoreTask:
        """Return the command, received now."""
        return RestoreTask(owner_id, task_id, self.expected_version, self.mutation(now))


class UpdateViewerInput(Change):
    """`UpdateViewerInput` of the schema."""

    time_zone: TimeZone | None = None
    default_reminders: Reminders | None = None

    def changed(self, profile: Profile) -> Profile:
        """Return the settings with the provided changes."""
        return replace(profile, **self.provided("client_mutation_id"))


class MarkNotificationsReadInput(Change):
    """`MarkNotificationsReadInput` of the schema."""

    until: Instant


class NotificationsInput(Change):
    """`ReadNotificationsInput` and `DismissNotificationsInput` of the schema."""

    ids: NotificationIds


class SnoozeNotificationInput(Change):
    """`SnoozeNotificationInput` of the schema."""

    id: str
    until: Instant


class RedriveDeadLettersInput(Input):
    """`RedriveDeadLettersInput` of the schema."""

    ids: DeadLetterIds | None = None
    all: StrictBool | None = None

    @property
    def selected_ids(self) -> tuple[str, ...] | None:
        """The given ids; None for all. Raises InvalidInputError unless exactly one of the two is given."""
        if self.ids and self.all:
            raise InvalidInputError("Give either `ids` or `all: true`, not both.", ("all",))
        if not self.ids and not self.all:
            raise InvalidInputError("Give `ids` or `all: true`.", ("ids",))
        return self.ids


class _Filter(Input):
    due: DuePeriod | None = None
    days: Days | None = None
    statuses: Annotated[tuple[TaskStatus, ...], Field(max_length=10), AfterValidator(distinct)] | None = None
    priority: Priority | None = None
    labels_any: FilterLabels | None = None
    labels_all: FilterLabels | None = None
    due_after: Instant | None = None
    due_before: Instant | None = None
    has_due_date: StrictBool | None = None
    overdue: StrictBool | None = None
    search: Search | None = None
    parent_id: TaskName | None = None
    include_subtasks: StrictBool | None = None

    @field_validator("days")
    @classmethod
    def _upcoming(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("due") is not DuePeriod.UPCOMING:
            raise ValueError("Valid with `due: UPCOMING` only")
        return value

    @field_validator("due_after", "due_before", "has_due_date", "overdue")
    @classmethod
    def _instead_of_due(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("due"):
            raise ValueError("Cannot be combined with `due`")
        return value


class _Order(Input):
    field: TaskOrderField = TaskOrderField.CREATED_AT
    direction: OrderDirection = OrderDirection.DESC


_BY_DUE_DATE = _Order(field=TaskOrderField.DUE_AT, direction=OrderDirection.ASC)


class OwnerArguments(Input):
    """The arguments of `Query.taskStats` and `Query.taskPermissions`."""

    owner_id: OwnerId | None = None


class TaskArguments(OwnerArguments):
    """The arguments of `Query.task`."""

    id: TaskName


class NodeArguments(Input):
    """The arguments of `Query.node`."""

    id: str


class NodesArguments(Input):
    """The arguments of `Query.nodes`."""

    ids: Annotated[tuple[str, ...], Field(max_length=100)]


class SubscriptionArguments(BaseModel):
    """The argument of `Subscription.onTaskEvent` that has a form: AppSync compares it with what is pushed."""

    model_config = ConfigDict(alias_generator=to_camel)

    task_id: Annotated[str, AfterValidator(_task_id)] | None = None


class FirstArguments(Input):
    """The arguments of `Query.deadLetters`; null means the same as leaving it out."""

    default_first: ClassVar[int] = 20

    first: First | None = None

    @property
    def limit(self) -> int:
        """The maximum number of items."""
        return self.first or self.default_first


class ChangesArguments(FirstArguments):
    """The arguments of `Query.changes`."""

    default_first: ClassVar[int] = 100

    owner_id: OwnerId | None = None
    since: ChangesCursor | None = None


class NotificationsArguments(FirstArguments):
    """The arguments of `Query.notifications`."""

    after: Cursor | None = None


class ListArguments(NotificationsArguments):
    """The arguments of an owner's lists."""

    default_first: ClassVar[int] = 50

    owner_id: OwnerId | None = None


class ActivityArguments(ListArguments):
    """The arguments of `Query.activity`."""

    task_id: TaskName | None = None

    def query(self, owner_id: str, task_id: str | None) -> EventQuery:
        """Return the query, for the id of the task."""
        return EventQuery(owner_id, task_id)


class TasksArguments(ListArguments):
    """The arguments of `Query.tasks`."""

    filter: _Filter | None = None
    order_by: _Order | None = None

    @property
    def due(self) -> DuePeriod | None:
        """The period in which the tasks are due; None for any time."""
        return self.filter.due if self.filter else None

    @property
    def days(self) -> int | None:
        """How many days are upcoming."""
        return self.filter.days if self.filter else None

    def query(self, owner_id: str, parent_id: str | None) -> TaskQuery:
        """Return the query, for the id of the parent, of tasks due at any time."""
        planned = self.due is not None and parent_id is None
        order = self.order_by or (_BY_DUE_DATE if planned else _Order())
        criteria = {name: value for name, value in dict(self.filter or ()).items() if value is not None}
        criteria["parent_id"] = parent_id
        criteria["search"] = search_terms(criteria.get("search", ""))
        criteria["with_subtasks"] = criteria.pop("include_subtasks", planned or bool(criteria["search"]))
        for name in ("due", "days"):
            criteria.pop(name, None)
        return TaskQuery(owner_id, order_by=order.field, direction=order.direction, **criteria)
