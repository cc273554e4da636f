"""Chooses where a list of tasks is read: the index, the ranges of its keys, and the filter for the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from taskbell.adapters.dynamodb.items import TASK_PREFIX, Item, due_prefix, subtask_prefix, to_item
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery, fold_case
from taskbell.domain.task import TaskStatus
from taskbell.domain.timestamps import format_timestamp

_CLOCK_SKEW = timedelta(minutes=1)

Criterion = tuple[str, dict[str, Any]]  # a condition, and its values

_LIVE: list[Criterion] = [("attribute_not_exists(deletedAt) AND attribute_not_exists(parentId)", {})]


@dataclass(frozen=True, slots=True)
class KeyRange:
    """The keys from `first` to `last`, both inclusive. What follows `prefix` in a key is a task's position.

    `is_rare`: whether few of a page's tasks are expected to be here.
    """

    prefix: str
    first: str
    last: str
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter expression for what a key cannot select, with its names and values."""

    expression: str
    names: Mapping[str, str]
    values: Item


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """A query in an owner's partition: the items whose `key` lies in a range, in the order of their positions.

    Attributes:
        index: The local secondary index with that key; None for the table, whose key is `sk`.
        forward: Whether the order is ascending.
        has_whole_items: Whether the index has all attributes; otherwise the items are read from the table.
        unless_few: The plan to use if the items are too many to be read and sorted by id, as the list is ordered.
    """

    owner_id: str
    index: str | None
    key: str
    key_ranges: tuple[KeyRange, ...]
    forward: bool
    filter: Filter | None = None
    has_whole_items: bool = True
    unless_few: "QueryPlan | None" = None


def plan_query(query: TaskQuery, now: datetime) -> QueryPlan:
    """Return where a list is read.

    Its order and its statuses are selected by the key of an index. So are due dates, also where the list is ordered by
    creation: few tasks are due within a while, so that these are read and sorted. Open tasks are those whose due date
    comes first, so that those which are overdue `now` are a range of due dates too. Other criteria become a filter;
    without a status, that of the index `summaries`, which has what few changes touch.

    Raises:
        InvalidInputError: Subtasks are to be ordered by due date.
    """
    if query.parent_id is not None:
        return _subtasks(query, query.parent_id)
    if query.order_by is TaskOrderField.DUE_AT:
        return _by_due_date(query, now)
    if query.overdue or query.due_after or query.due_before:
        return replace(_by_due_date(query, now), unless_few=_by_creation(query))
    return _by_creation(query)


def key_range(prefix: str, first: str = "", last: str = "~", *, is_rare: bool = False) -> KeyRange:
    """Return a range of keys with a prefix; `~` sorts after every character of a key."""
    return KeyRange(prefix, f"{prefix}{first}", f"{prefix}{last}", is_rare)


def subtask_plan(owner_id: str, prefix: str) -> QueryPlan:
    """Return where all subtasks with a prefix of `parentKey` are read, in the order of their ids."""
    return QueryPlan(owner_id, "byParent", "parentKey", (key_range(prefix),), forward=True, has_whole_items=False)


def _subtasks(query: TaskQuery, parent_id: str) -> QueryPlan:
    """Return the query of a task's subtasks; there are few of them, so that they are filtered when they are read."""
    if query.order_by is not TaskOrderField.CREATED_AT:
        raise InvalidInputError("Subtasks are ordered by creation.", ("order_by",))
    plan = subtask_plan(query.owner_id, subtask_prefix(parent_id))
    ranges = () if query.matches_nothing else plan.key_ranges
    return replace(plan, forward=query.direction is OrderDirection.ASC, key_ranges=ranges)


def _by_creation(query: TaskQuery) -> QueryPlan:
    statuses, summarized = _selected_statuses(query), [*_summarized(query)]
    if statuses and TaskStatus.COMPLETED not in statuses:
        ranges = [key_range(f"{status.value}#") for status in statuses]
        return _plan(query, "byStatus", "statusKey", ranges, _filter([*summarized, *_overdue(query), *_due(query)]))
    if summarized:
        return _plan(
            query, "summaries", "summaryKey", [key_range(TASK_PREFIX)], _filter(summarized), has_whole_items=False
        )
    criteria = [*_LIVE, *_one_of(statuses), *_overdue(query), *_due(query)]
    return _plan(query, None, "sk", [key_range(TASK_PREFIX)], _filter(criteria))


def _by_due_date(query: TaskQuery, now: datetime) -> QueryPlan:
    statuses, before = _selected_statuses(query) or tuple(TaskStatus), query.due_before
    if query.overdue:
        statuses = tuple(status for status in statuses if status is not TaskStatus.COMPLETED)
        before = min(before or now + _CLOCK_SKEW, now + _CLOCK_SKEW)
    open_statuses = [status for status in statuses if status is not TaskStatus.COMPLETED]
    criteria = [*_one_of(statuses if len(open_statuses) == 1 else ()), *_summarized(query), *_overdue(query)]
    states = dict.fromkeys(status is TaskStatus.COMPLETED for status in statuses)
    ends = format_timestamp(query.due_after) if query.due_after else "", format_timestamp(before) if before else "~"
    late_first = query.direction is OrderDirection.DESC or query.due_after is not None  # what is due late is open
    ranges = [
        key_range(due_prefix(completed=completed), *ends, is_rare=completed is late_first and len(states) > 1)
        for completed in states
    ]
    return _plan(query, "byTime", "timeKey", ranges, _filter(criteria))


def _plan(
    query: TaskQuery,
    index: str | None,
    key: str,
    key_ranges: list[KeyRange],
    filter_: Filter | None = None,
    *,
    has_whole_items: bool = True,
) -> QueryPlan:
    return QueryPlan(
        owner_id=query.owner_id,
        index=index,
        key=key,
        key_ranges=() if query.matches_nothing else tuple(key_ranges),
        forward=query.direction is OrderDirection.ASC,
        filter=filter_,
        has_whole_items=has_whole_items,
    )


def _selected_statuses(query: TaskQuery) -> tuple[TaskStatus, ...]:
    """Return the statuses, without repetitions; empty if they exclude nothing."""
    statuses = tuple(dict.fromkeys(query.statuses or ()))
    return statuses if len(statuses) < len(TaskStatus) else ()


def _one_of(statuses: tuple[TaskStatus, ...]) -> Iterator[Criterion]:
    if statuses:
        values = {f":status{position}": status.value for position, status in enumerate(statuses)}
        yield f"#status IN ({', '.join(values)})", values


def _summarized(query: TaskQuery) -> Iterator[Criterion]:
    """Yield the criteria that the index `summaries` has the attributes for."""
    if query.priority:
        yield "priority = :priority", {":priority": query.priority.value}
    if query.label is not None:
        yield "contains(labels, :label)", {":label": query.label}
    if query.title_prefix is not None:
        yield "begins_with(titleKey, :title)", {":title": fold_case(query.title_prefix)}


def _overdue(query: TaskQuery) -> Iterator[Criterion]:
    if query.overdue is not None:
        yield "overdue = :overdue", {":overdue": query.overdue}


def _due(query: TaskQuery) -> Iterator[Criterion]:
    if query.due_after:
        yield "dueAt >= :dueAfter", {":dueAfter": format_timestamp(query.due_after)}
    if query.due_before:
        yield "dueAt < :dueBefore", {":dueBefore": format_timestamp(query.due_before)}


def _filter(criteria: list[Criterion]) -> Filter | None:
    if not criteria:
        return None
    expression = " AND ".join(condition for condition, _ in criteria)
    values = {name: value for _, given in criteria for name, value in given.items()}
    return Filter(expression, {"#status": "status"} if "#status" in expression else {}, to_item(values))
