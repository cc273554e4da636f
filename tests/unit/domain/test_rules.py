"""The rules of subtasks, recurrence, retention and expected versions, without any port."""

from dataclasses import replace
from datetime import timedelta

import pytest

from taskbell.domain.exceptions import ConflictError, InvalidInputError, LimitExceededError, NotFoundError, TaskError
from taskbell.domain.ids import new_task_id
from taskbell.domain.recurrence import Frequency, Recurrence
from taskbell.domain.rules import (
    MAX_SUBTASKS,
    check_expected_version,
    check_given_id,
    check_new_parent,
    check_recurrence,
    check_restorable,
    check_retention,
    check_subtask_limit,
)
from tests.support.examples import LATER, NOW, example_task

DAILY = Recurrence(Frequency.DAILY)


def test_a_parent_exists_and_is_no_subtask() -> None:
    parent = example_task()
    assert check_new_parent(parent) is parent
    for wrong in (None, example_task(parent_id="thesis")):
        with pytest.raises(InvalidInputError) as raised:
            check_new_parent(wrong)
        assert raised.value.field == ("parent_id",)


def test_a_subtask_is_restored_after_its_parent() -> None:
    check_restorable(example_task(id="thesis"))
    with pytest.raises(InvalidInputError):
        check_restorable(example_task(id="thesis", deleted_at=NOW))


def test_a_parent_has_a_limited_number_of_subtasks_and_repeating_one_adds_none() -> None:
    ids = [str(number) for number in range(MAX_SUBTASKS)]
    check_subtask_limit(ids[1:], None, ("parent_id",))
    check_subtask_limit(ids, "0", ("parent_id",))
    with pytest.raises(LimitExceededError):
        check_subtask_limit(ids, "another", ("parent_id",))


@pytest.mark.parametrize("retention", [timedelta(days=1), timedelta(days=90)])
def test_an_id_that_a_client_chose_is_of_the_time_in_which_no_other_task_can_have_had_it(retention: timedelta) -> None:
    oldest = NOW - min(retention, timedelta(days=30))
    for time in (oldest + timedelta(milliseconds=1), NOW, NOW + timedelta(minutes=5)):
        check_given_id(new_task_id(time, 0), NOW, retention)
    for time in (oldest, NOW + timedelta(minutes=5, milliseconds=1)):
        with pytest.raises(InvalidInputError) as refused:
            check_given_id(new_task_id(time, 0), NOW, retention)
        assert refused.value.field == ("key",)


@pytest.mark.parametrize(
    ("due_at", "recurrence", "fields", "named"),
    [
        (None, DAILY, ("recurrence",), ("recurrence",)),
        (None, DAILY, ("due_at",), ("due_at",)),
        (LATER, replace(DAILY, until=LATER), ("recurrence",), ("recurrence", "until")),
        (LATER, replace(DAILY, until=NOW), ("due_at",), ("due_at",)),
    ],
)
def test_a_recurring_task_is_due_before_its_recurrence_ends(
    due_at: object, recurrence: Recurrence, fields: tuple[str, ...], named: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInputError) as raised:
        check_recurrence(example_task(due_at=due_at, recurrence=recurrence), fields)
    assert raised.value.field == named
    check_recurrence(example_task(due_at=NOW, recurrence=replace(DAILY, until=LATER)), fields)


def test_a_deleted_task_is_gone_when_its_retention_has_ended() -> None:
    check_retention(example_task(expires_at=LATER), NOW)
    with pytest.raises(NotFoundError):
        check_retention(example_task(expires_at=NOW), NOW)


@pytest.mark.parametrize(
    ("expected", "error"), [(None, None), (2, None), (3, None), (1, ConflictError), (4, ConflictError)]
)
def test_expected_versions_reach_from_the_owners_last_edit_to_the_current_version(
    expected: int | None, error: type[TaskError] | None
) -> None:
    task = example_task(version=3, edited_version=2)
    if error is None:
        check_expected_version(task, expected)
    else:
        with pytest.raises(error):
            check_expected_version(task, expected)
