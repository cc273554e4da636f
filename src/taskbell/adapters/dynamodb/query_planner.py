"""Chooses where a list of tasks is read: the index, the ranges of its keys, and the filter for the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from taskbell.adapters.dynamodb.items import (
    TASK_PREFIX,
    TRASH_PREFIX,
    Item,
    due_prefix,
    list_prefix,
    subtask_prefix,
    to_item,
)
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.task import TaskStatus
from taskbell.domain.timestamps import format_timestamp

_CLOCK_SKEW = timedelta(minutes=1)

Criterion = tuple[str, dict[str, Any]]  # a condition, and its values

# No index has these orders.
_SORTED = {TaskOrderField.PRIORITY, TaskOrderField.TITLE, TaskOrderField.UPDATED_AT, TaskOrderField.RANK}


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
        accepts: Whether an entry of the index is wanted, by what no filter expression can tell.
        sorted_by: The field by which the entries are sorted after they are read; None for the order of the index.
        unless_few: The plan to use if the items are too many to be read and sorted by id, as the list is ordered.
    """

    owner_id: str
    index: str | None
    key: str
    key_ranges: tuple[KeyRange, ...]
    forward: bool
    filter: Filter | None = None
    has_whole_items: bool = True
    accepts: Callable[[Item], bool] | None = None
    sorted_by: TaskOrderField | None = None
    unless_few: "QueryPlan | None" = None


def plan_query(query: TaskQuery, now: datetime) -> QueryPlan:
    """Return where a list is read.

    Its order and its statuses are selected by the key of an index. So are due dates, also where the list is ordered by
    creation: few tasks are due within a while, so that these are read and sorted. Open tasks are those whose due date
    comes first, so that those which are overdue `now` are a range of due dates too. Other criteria become a filter;
    without a status, that of the index `summaries`, which has what few changes touch. Where no index has the order,
    what fits the criteria is read and sorted.
    """
    if query.parent_id is not None:
        return _subtasks(query, query.parent_id)
    if query.list_id is not None:
        return _of_list(query, query.list_id)
    if query.order_by is TaskOrderField.DUE_AT:
        return _by_due_date(query, now)
    within = bool(query.overdue or query.due_after or query.due_before)
    if query.order_by in _SORTED:
        return replace(_by_due_date(query, now) if within else _by_creation(query), sorted_by=query.order_by)
    return replace(_by_due_date(query, now), unless_few=_by_creation(query)) if within else _by_creation(query)


def key_range(prefix: str, first: str = "", last: str = "~", *, is_rare: bool = False) -> KeyRange:
    """Return a range of keys with a prefix; `~` sorts after every character of a key."""
    return KeyRange(prefix, f"{prefix}{first}", f"{prefix}{last}", is_rare)


def subtask_plan(owner_id: str, prefix: str) -> QueryPlan:
    """Return where all subtasks with a prefix of `parentKey` are read, in the order of their ids."""
    return QueryPlan(owner_id, "byParent", "parentKey", (key_range(prefix),), forward=True, has_whole_items=False)


def trash_plan(owner_id: str) -> QueryPlan:
    """Return where the trash is read, the last deleted first."""
    return QueryPlan(owner_id, "byStatus", "statusKey", (key_range(TRASH_PREFIX),), forward=False)


def _subtasks(query: TaskQuery, parent_id: str) -> QueryPlan:
    """Return the query of a task's subtasks; there are few of them, so that they are filtered when they are read."""
    plan = subtask_plan(query.owner_id, subtask_prefix(parent_id))
    ranges = () if query.matches_nothing else plan.key_ranges
    sorted_by = None if query.order_by is TaskOrderField.CREATED_AT else query.order_by
    return replace(plan, forward=query.direction is OrderDirection.ASC, key_ranges=ranges, sorted_by=sorted_by)


def list_plan(owner_id: str, list_id: str) -> QueryPlan:
    """Return where all tasks of a list are read, in the order of their ids."""
    ranges = tuple(key_range(list_prefix(list_id, completed=completed)) for completed in (False, True))
    return QueryPlan(owner_id, "byList", "listKey", ranges, forward=True, has_whole_items=False)


def _of_list(query: TaskQuery, list_id: str) -> QueryPlan:
    """Return the query of a list's tasks, open ones, completed ones or both, which are filtered when they are read."""
    plan = list_plan(query.owner_id, list_id)
    states = {status is TaskStatus.COMPLETED for status in query.statuses or TaskStatus}
    ranges = tuple(key_range(list_prefix(list_id, completed=completed)) for completed in sorted(states))
    return replace(
        plan,
        forward=query.direction is OrderDirection.ASC,
        key_ranges=() if query.matches_nothing else ranges,
        sorted_by=None if query.order_by is TaskOrderField.CREATED_AT else query.order_by,
    )


def open_tasks_plan(owner_id: str) -> QueryPlan:
    """Return where all open tasks that are no subtasks are read."""
    ranges = tuple(key_range(f"{status.value}#") for status in (TaskStatus.PENDING, TaskStatus.IN_PROGRESS))
    return QueryPlan(owner_id, "byStatus", "statusKey", ranges, forward=True)


def _by_creation(query: TaskQuery) -> QueryPlan:
    statuses = _selected_statuses(query)
    if statuses and TaskStatus.COMPLETED not in statuses and not query.with_subtasks:
        ranges = [key_range(f"{status.value}#") for status in statuses]
        return _plan(
            query,
            "byStatus",
            "statusKey",
            ranges,
            [*_in_list(query), *_of_priority(query), *_overdue(query), *_due(query)],
        )
    if _summaries_suffice(query, statuses):
        criteria = [*_without_subtasks(query), *_in_list(query), *_of_priority(query)]
        return _plan(query, "summaries", "summaryKey", [key_range(TASK_PREFIX)], criteria, has_whole_items=False)
    live: Criterion = ("attribute_not_exists(deletedAt)", {})
    criteria = [live, *_without_subtasks(query), *_in_list(query), *_of_priority(query), *_one_of(statuses)]
    return _plan(query, None, "sk", [key_range(TASK_PREFIX)], [*criteria, *_overdue(query), *_due(query)])


def _summaries_suffice(query: TaskQuery, statuses: tuple[TaskStatus, ...]) -> bool:
    """Return whether few of the summaries have to be looked up in the table, if any."""
    if query.order_by in _SORTED:  # sorting needs all that fit
        complete = not statuses and query.has_due_date is None and query.overdue is None
        return complete and query.order_by in {TaskOrderField.PRIORITY, TaskOrderField.TITLE}
    return bool(query.priority or query.search or query.labels_all or query.labels_any is not None)


def _by_due_date(query: TaskQuery, now: datetime) -> QueryPlan:
    statuses, before = _selected_statuses(query) or tuple(TaskStatus), query.due_before
    if query.overdue:
        statuses = tuple(status for status in statuses if status is not TaskStatus.COMPLETED)
        before = min(before or now + _CLOCK_SKEW, now + _CLOCK_SKEW)
    open_statuses = [status for status in statuses if status is not TaskStatus.COMPLETED]
    criteria = [*_without_subtasks(query), *_in_list(query), *_one_of(statuses if len(open_statuses) == 1 else ())]
    states = dict.fromkeys(status is TaskStatus.COMPLETED for status in statuses)
    ends = format_timestamp(query.due_after) if query.due_after else "", format_timestamp(before) if before else "~"
    late_first = query.direction is OrderDirection.DESC or query.due_after is not None  # what is due late is open
    ranges = [
        key_range(due_prefix(completed=completed), *ends, is_rare=completed is late_first and len(states) > 1)
        for completed in states
    ]
    return _plan(query, "byTime", "timeKey", ranges, [*criteria, *_of_priority(query), *_overdue(query)])


def _plan(
    query: TaskQuery,
    index: str | None,
    key: str,
    key_ranges: list[KeyRange],
    criteria: list[Criterion],
    *,
    has_whole_items: bool = True,
) -> QueryPlan:
    return QueryPlan(
        owner_id=query.owner_id,
        index=index,
        key=key,
        key_ranges=() if query.matches_nothing else tuple(key_ranges),
        forward=query.direction is OrderDirection.ASC,
        filter=_filter(criteria),
        has_whole_items=has_whole_items,
        accepts=_content_filter(query),
    )


def _selected_statuses(query: TaskQuery) -> tuple[TaskStatus, ...]:
    """Return the statuses, without repetitions; empty if they exclude nothing."""
    statuses = tuple(dict.fromkeys(query.statuses or ()))
    return statuses if len(statuses) < len(TaskStatus) else ()


def _one_of(statuses: tuple[TaskStatus, ...]) -> Iterator[Criterion]:
    if statuses:
        values = {f":status{position}": status.value for position, status in enumerate(statuses)}
        yield f"#status IN ({', '.join(values)})", values


def _content_filter(query: TaskQuery) -> Callable[[Item], bool] | None:
    """Return whether an item or a summary has the labels and the words of a list, if it asks for any."""
    if not query.search and not query.labels_all and query.labels_any is None:
        return None

    def accepts(item: Item) -> bool:
        labels = (label["S"] for label in item["labels"]["L"])
        return query.matches_content(item["title"]["S"], item.get("description", {}).get("S"), labels)

    return accepts


def _without_subtasks(query: TaskQuery) -> Iterator[Criterion]:
    if not query.with_subtasks:
        yield "attribute_not_exists(parentId)", {}


def _in_list(query: TaskQuery) -> Iterator[Criterion]:
    if query.in_list is not None:
        yield f"attribute_{'' if query.in_list else 'not_'}exists(listId)", {}


def _of_priority(query: TaskQuery) -> Iterator[Criterion]:
    if query.priority:
        yield "priority = :priority", {":priority": query.priority.value}


def _overdue(query: TaskQuery) -> Iterator[Criterion]:
    if query.overdue is not None:
        yield "overdue = :overdue", {":overdue": query.overdue}


def _due(query: TaskQuery) -> Iterator[Criterion]:
    if query.has_due_date is not None:
        yield f"attribute_{'' if query.has_due_date else 'not_'}exists(dueAt)", {}
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
