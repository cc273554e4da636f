"""Arguments of queries and subscriptions, validated and converted into queries."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from resolvers.inputs import Input
from resolvers.references import ListId, ListReference, SectionId, TaskName
from taskbell.api.field_types import (
    ChangesCursor,
    Cursor,
    Days,
    FilterLabels,
    First,
    Instant,
    OwnerId,
    Search,
    StrictBool,
    distinct,
)
from taskbell.api.global_ids import parse_global_id
from taskbell.domain.planning import DuePeriod
from taskbell.domain.queries import EventQuery, OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.search import search_terms
from taskbell.domain.task import Priority, TaskStatus


def _task_id(value: str) -> str:
    parsed = parse_global_id(value)
    if parsed is None or parsed.type != "Task":
        raise PydanticCustomError("task_id", "Must be the id of a task")
    return value


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
    list_id: ListId | None = None
    section_id: SectionId | None = None
    in_list: StrictBool | None = None
    include_subtasks: StrictBool | None = None

    @property
    def in_this_list(self) -> ListReference | None:
        """The list that is asked for, by itself or by one of its sections."""
        return self.list_id or (self.section_id.of_list if self.section_id else None)

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


class TaskListsArguments(OwnerArguments):
    """The arguments of `Query.taskLists`."""

    include_archived: StrictBool | None = None


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
    """The arguments of `Subscription.onTaskEvent` that have a form: AppSync compares them with what is pushed."""

    model_config = ConfigDict(alias_generator=to_camel)

    task_id: Annotated[str, AfterValidator(_task_id)] | None = None
    list_id: ListId | None = None


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
    def is_in_two_lists(self) -> bool:
        """Whether the section is one of another list, so that no task is asked for."""
        asked = self.filter
        return bool(asked and asked.section_id and asked.section_id.of_list != asked.in_this_list)

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
        if self.filter and self.filter.in_this_list:
            criteria["list_id"] = self.filter.in_this_list.number
        if self.filter and self.filter.section_id:
            criteria["section_id"] = self.filter.section_id.number
        criteria["search"] = search_terms(criteria.get("search", ""))
        criteria["with_subtasks"] = criteria.pop("include_subtasks", planned or bool(criteria["search"]))
        for name in ("due", "days"):
            criteria.pop(name, None)
        return TaskQuery(owner_id, order_by=order.field, direction=order.direction, **criteria)
