"""Chooses the index that a list of tasks is read from, and the filter for the rest."""

from collections.abc import Iterator
from typing import Any

from taskbell.adapters.dynamodb.items import SUMMARY_KEY, TASK_PREFIX, subtask_prefix, to_item
from taskbell.adapters.dynamodb.pagination import Filter, KeyRange, QuerySpec, prefix_range
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery, fold_case
from taskbell.domain.task import TaskStatus
from taskbell.domain.timestamps import format_timestamp

# Index and key, by whether the key starts with the status, and by order.
_INDEXES = {
    (False, TaskOrderField.CREATED_AT): ("byCreation", "createdKey"),
    (False, TaskOrderField.DUE_AT): ("byDueDate", "dueKey"),
    (True, TaskOrderField.CREATED_AT): ("byStatus", "statusKey"),
    (True, TaskOrderField.DUE_AT): ("byStatusAndDueDate", "statusDueKey"),
}


def plan_query(query: TaskQuery) -> QuerySpec:
    """Return the query of a list.

    Statuses (a key range each), the order and, ordered by due date, the range of due dates are selected by the key of
    an index. Other criteria become a filter. A list ordered by creation with such a filter is read from the index
    `summaries`, which has only the attributes that filters use, unless the list has exactly one status.

    Raises:
        InvalidInputError: Subtasks are to be ordered by due date.
    """
    if query.parent_id is not None:
        return _subtasks(query, query.parent_id)
    by_creation = query.order_by is TaskOrderField.CREATED_AT
    statuses = _selected_statuses(query)
    criteria = _criteria(query, keyed=True)
    keyed = bool(statuses) and not (criteria and by_creation and len(statuses) > 1)
    index, key = _INDEXES[keyed, query.order_by]
    if not keyed:
        criteria = _criteria(query, keyed=False)
    if criteria and not keyed and by_creation:
        index, key = "summaries", SUMMARY_KEY
    prefixes = [f"{status.value}#" for status in statuses] if keyed else [TASK_PREFIX]
    return QuerySpec(
        owner_id=query.owner_id,
        index=index,
        key=key,
        key_ranges=() if query.matches_nothing else tuple(_key_range(query, prefix) for prefix in prefixes),
        forward=query.direction is OrderDirection.ASC,
        filter=criteria,
        summaries=index == "summaries",
    )


def _selected_statuses(query: TaskQuery) -> tuple[TaskStatus, ...]:
    """Return the statuses, without repetitions; empty if they exclude nothing."""
    statuses = tuple(dict.fromkeys(query.statuses or ()))
    return statuses if len(statuses) < len(TaskStatus) else ()


def _subtasks(query: TaskQuery, parent_id: str) -> QuerySpec:
    """Return the query of a task's subtasks; there are few of them, so that filtering is cheap."""
    if query.order_by is not TaskOrderField.CREATED_AT:
        raise InvalidInputError("Subtasks are ordered by creation.", ("order_by",))
    return QuerySpec(
        owner_id=query.owner_id,
        index="byCreation",
        key="createdKey",
        key_ranges=() if query.matches_nothing else (prefix_range(subtask_prefix(parent_id)),),
        forward=query.direction is OrderDirection.ASC,
        filter=_criteria(query, keyed=False),
    )


def _key_range(query: TaskQuery, prefix: str) -> KeyRange:
    """Return the range of keys; keys end with `#` and the task's id, so a timestamp alone sorts before its tasks."""
    first, last = prefix_range(prefix)
    if query.order_by is TaskOrderField.CREATED_AT:
        return first, last
    return (
        f"{prefix}{format_timestamp(query.due_after)}" if query.due_after else first,
        f"{prefix}{format_timestamp(query.due_before)}" if query.due_before else last,
    )


def _criteria(query: TaskQuery, *, keyed: bool) -> Filter | None:
    parts = dict(_parts(query, keyed=keyed))
    if not parts:
        return None
    values: dict[str, Any] = {}
    for given in parts.values():
        values |= given
    return Filter(
        " AND ".join(parts), {"#status": "status"} if any("#status" in p for p in parts) else {}, to_item(values)
    )


def _parts(query: TaskQuery, *, keyed: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    statuses = () if keyed else _selected_statuses(query)
    if statuses:
        names = {f":status{position}": status.value for position, status in enumerate(statuses)}
        yield f"#status IN ({', '.join(names)})", names
    if query.priority:
        yield "priority = :priority", {":priority": query.priority.value}
    if query.label is not None:
        yield "contains(labels, :label)", {":label": query.label}
    if query.overdue is not None:
        yield "overdue = :overdue", {":overdue": query.overdue}
    if query.title_prefix is not None:
        yield "begins_with(titleKey, :title)", {":title": fold_case(query.title_prefix)}
    if query.order_by is TaskOrderField.CREATED_AT:
        if query.due_after:
            yield "dueAt >= :dueAfter", {":dueAfter": format_timestamp(query.due_after)}
        if query.due_before:
            yield "dueAt < :dueBefore", {":dueBefore": format_timestamp(query.due_before)}
