"""A change that its client has named is made once, however often it is sent and whatever happens between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskbell.application.profile_changes import update_profile
from taskbell.application.task_changes import (
    create_task,
    delete_task,
    restore_task,
    update_task,
)
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.events import event_from_change
from taskbell.domain.exceptions import ConflictError, InvalidInputError, NotFoundError, TaskError, UnavailableError
from taskbell.domain.profile import Profile
from taskbell.domain.receipts import MAX_RECEIPTS, ClientMutation
from taskbell.domain.task import Task, TaskStatus, with_next_version
from tests.support.changes import set_task_status
from tests.support.examples import LATER, NOW, at, example_task
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskRepository

MONTH = timedelta(days=30)
DAY = timedelta(days=1)
Send = Callable[[InMemoryTaskRepository], Task]


def named(id_: str, when: datetime = LATER, content: str = "") -> ClientMutation:
    return ClientMutation(id_, when, content)


@pytest.fixture
def store() -> InMemoryTaskRepository:
    found = InMemoryTaskRepository()
    found.add(example_task())
    return found


def retitle(title: str, id_: str | None, expected: int | None = None, when: datetime = LATER) -> UpdateTask:
    return UpdateTask("ada", "essay", {"title": title}, expected, named(id_, when, title) if id_ else None)


def test_a_change_that_is_sent_again_with_its_expected_version_succeeds(store: InMemoryTaskRepository) -> None:
    first = update_task(retitle("Two", "a", 1), store, at(LATER))
    assert update_task(retitle("Two", "a", 1), store, at(LATER)) == first
    with pytest.raises(ConflictError):
        update_task(retitle("Two", None, 1), store, at(LATER))


def test_a_creation_of_what_was_there_succeeds_again_after_its_parent_is_gone(store: InMemoryTaskRepository) -> None:
    part = CreateTask("ada", "Part", key="part", parent_id="essay")
    create_task(part, store, NOW, "part")
    repeated = replace(part, mutation=named("create", LATER, "Part"))
    first = create_task(repeated, store, LATER, "unused")
    assert first.version == 1
    delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    assert create_task(repeated, store, LATER, "unused") == first


def test_a_repetition_is_answered_with_the_task_as_it_is_now(store: InMemoryTaskRepository) -> None:
    update_task(retitle("Two", "a"), store, at(LATER))
    newest = update_task(retitle("Three", "b"), store, at(LATER))
    assert update_task(retitle("Two", "a"), store, at(LATER)) == newest


def test_a_deletion_that_is_sent_again_succeeds(store: InMemoryTaskRepository) -> None:
    command = DeleteTask("ada", "essay", 1, named("gone"))
    deleted = delete_task(command, store, at(LATER), MONTH)
    assert delete_task(command, store, at(LATER), MONTH) == deleted
    with pytest.raises(NotFoundError):
        delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    restored = restore_task(RestoreTask("ada", "essay"), store, at(LATER))
    assert delete_task(command, store, at(LATER), MONTH) == restored


def test_a_change_of_a_task_that_is_deleted_meanwhile_succeeds_when_it_is_sent_again(
    store: InMemoryTaskRepository,
) -> None:
    update_task(retitle("Two", "a"), store, at(LATER))
    deleted = delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    assert update_task(retitle("Two", "a"), store, at(LATER)) == deleted


def test_a_change_that_changes_nothing_is_not_made_later_either(store: InMemoryTaskRepository) -> None:
    command = SetTaskStatus("ada", "essay", TaskStatus.PENDING, mutation=named("same"))
    same = set_task_status(command, store, at(LATER))
    assert (same.version, same.updated_at) == (1, NOW)
    done = set_task_status(SetTaskStatus("ada", "essay", TaskStatus.COMPLETED), store, at(LATER))
    assert set_task_status(command, store, at(LATER)) == done


def test_what_only_adds_a_receipt_is_no_event() -> None:
    before = example_task()
    assert event_from_change(before, replace(before, receipts=(named("a").receipt,)), LATER) is None


def test_a_refused_change_is_decided_again(store: InMemoryTaskRepository) -> None:
    update_task(retitle("Two", None), store, at(LATER))
    with pytest.raises(ConflictError):
        update_task(retitle("Three", "c", 1), store, at(LATER))
    assert update_task(retitle("Three", "c", 2), store, at(LATER)).title == "Three"


def test_another_change_of_the_same_id_is_refused_and_not_lost_in_silence(store: InMemoryTaskRepository) -> None:
    update_task(retitle("Two", "a"), store, at(LATER))
    with pytest.raises(InvalidInputError) as refusal:
        update_task(retitle("Three", "a"), store, at(LATER))
    assert refusal.value.field == ("client_mutation_id",)


def test_after_a_day_a_change_is_a_new_one(store: InMemoryTaskRepository) -> None:
    update_task(retitle("Two", "a"), store, at(LATER))
    update_task(retitle("Three", None), store, at(LATER))
    assert update_task(retitle("Two", "a", when=LATER + DAY), store, at(LATER + DAY)).title == "Three"
    later = LATER + DAY + timedelta(minutes=1)
    assert update_task(retitle("Two", "a", when=later), store, at(later)).title == "Two"


def test_a_task_keeps_50_receipts_of_the_last_day(store: InMemoryTaskRepository) -> None:
    for number in range(MAX_RECEIPTS + 5):
        update_task(retitle(f"Title {number}", str(number)), store, at(LATER))
    stored = store.get("ada", "essay")
    assert stored
    assert len(stored.receipts) == MAX_RECEIPTS
    assert update_task(retitle("Title 5", "5"), store, at(LATER)) == stored
    later = LATER + 2 * DAY
    assert len(update_task(retitle("New", "new", when=later), store, at(later)).receipts) == 1


CREATION = CreateTask("ada", "Read", mutation=named("first", NOW, "Read"))


def test_a_creation_takes_the_id_as_its_key_and_is_made_once() -> None:
    store = InMemoryTaskRepository()
    task = create_task(CREATION, store, NOW, "made-up-id")
    assert task.key == "first"
    assert create_task(CREATION, store, LATER, "another-id") == task
    named_otherwise = replace(CREATION, key="mine")
    assert create_task(named_otherwise, store, LATER, "third-id").key == "mine"


def test_a_creation_that_is_sent_again_after_the_task_was_deleted_succeeds() -> None:
    store = InMemoryTaskRepository()
    task = create_task(CREATION, store, NOW, "made-up-id")
    deleted = delete_task(DeleteTask("ada", task.id), store, at(LATER), MONTH)
    assert create_task(CREATION, store, LATER, "another-id") == deleted
    with pytest.raises(ConflictError):
        create_task(CreateTask("ada", "Read", key="first"), store, LATER, "another-id")


def test_a_subtask_that_is_created_again_after_its_parent_was_deleted_succeeds(store: InMemoryTaskRepository) -> None:
    command = replace(CREATION, parent_id="essay")
    task = create_task(command, store, NOW, "made-up-id")
    delete_task(DeleteTask("ada", "essay"), store, at(LATER), MONTH)
    assert create_task(command, store, LATER, "another-id") == task


def test_settings_are_changed_once() -> None:
    profiles = InMemoryProfileRepository()
    mutation = named("zone")
    update_profile(profiles, "ada", lambda profile: replace(profile, time_zone="Europe/Vienna"), mutation)
    update_profile(profiles, "ada", lambda profile: replace(profile, time_zone="Asia/Tokyo"), None)
    again = update_profile(profiles, "ada", lambda profile: replace(profile, time_zone="Europe/Vienna"), mutation)
    assert (again.time_zone, profiles.get("ada").time_zone) == ("Asia/Tokyo", "Asia/Tokyo")


def test_settings_that_always_change_meanwhile_are_given_up() -> None:
    class Busy(InMemoryProfileRepository):
        def save(self, _profile: Profile, _before: Profile | None = None) -> bool:
            return False

    with pytest.raises(UnavailableError):
        update_profile(Busy(), "ada", lambda profile: profile, named("zone"))


TITLES = ("One", "Two", "Three")
Deed = tuple[str, Any]
deeds = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(TITLES)),
    st.tuples(st.just("status"), st.sampled_from(list(TaskStatus))),
    st.tuples(st.just("delete"), st.none()),
    st.tuples(st.just("restore"), st.none()),
)


def send(store: InMemoryTaskRepository, deed: Deed, id_: str | None) -> Task | None:
    """Send a change; None if it is refused."""
    kind, value = deed
    mutation = named(id_, LATER, f"{deed}") if id_ else None
    try:
        match kind:
            case "title":
                return update_task(UpdateTask("ada", "essay", {"title": value}, mutation=mutation), store, at(LATER))
            case "status":
                return set_task_status(SetTaskStatus("ada", "essay", value, mutation=mutation), store, at(LATER))
            case "delete":
                return delete_task(DeleteTask("ada", "essay", mutation=mutation), store, at(LATER), MONTH)
            case _:
                return restore_task(RestoreTask("ada", "essay", mutation=mutation), store, at(LATER))
    except TaskError:
        return None


def pipeline_writes(store: InMemoryTaskRepository) -> None:
    """Store a version of the pipeline's, which keeps what clients have sent."""
    task = store.get("ada", "essay")
    assert task
    assert store.replace(task, with_next_version(task, LATER))


@given(st.lists(st.tuples(deeds, st.lists(st.integers(0, 12), max_size=3), st.booleans()), max_size=8))
def test_in_any_order_of_repetitions_and_other_changes_each_effect_is_had_once(
    sent: list[tuple[Deed, list[int], bool]],
) -> None:
    """Each change is sent once, then again after any others; the tasks are those without the repetitions."""
    once, again = InMemoryTaskRepository(), InMemoryTaskRepository()
    for store in (once, again):
        store.add(example_task())
    made: list[tuple[str, Deed]] = []
    for number, (deed, repeated, between) in enumerate(sent):
        first, second = send(once, deed, str(number)), send(again, deed, str(number))
        assert (first is None) == (second is None)
        if second:
            made.append((str(number), deed))
        if between:
            pipeline_writes(once)
            pipeline_writes(again)
        for index in repeated if made else ():
            id_, earlier = made[index % len(made)]
            assert send(again, earlier, id_) == again.get("ada", "essay")
        assert again.get("ada", "essay") == once.get("ada", "essay")
