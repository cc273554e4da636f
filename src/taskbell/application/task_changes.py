"""Use cases that change tasks, with optimistic concurrency.

Each reads the task, decides on the new version and stores it if the task is unchanged: one read and one conditional
write. If the task has changed, mostly by the pipeline, the decision is repeated on the newer version, at the time that
`clock` returns then.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from zoneinfo import ZoneInfo

from taskbell.application.placing import FindList, check_place, in_live_list, placed
from taskbell.application.ports import TaskRepository
from taskbell.application.serialization import canonical_json, create_task_to_dict
from taskbell.domain.commands import (
    CreateTask,
    DeleteTask,
    PurgeTask,
    RestoreTask,
    SetTaskStatus,
    SkipOccurrence,
    UndoChange,
    UpdateTask,
)
from taskbell.domain.due import due_from
from taskbell.domain.exceptions import ConflictError, InvalidInputError, NotFoundError, TaskError, UnavailableError
from taskbell.domain.ids import parse_task_id
from taskbell.domain.labels import relabelled
from taskbell.domain.occurrences import OccurrenceRange, with_changes
from taskbell.domain.profile import Profile
from taskbell.domain.ranks import initial_rank
from taskbell.domain.receipts import added
from taskbell.domain.rules import (
    MAX_ID_AGE,
    check_expected_version,
    check_given_id,
    check_new_parent,
    check_recurrence,
    check_restorable,
    check_retention,
    check_subtask_limit,
    is_repetition,
)
from taskbell.domain.task import Schedule, Task, TaskStatus, restored, soft_deleted, with_overdue

MAX_ATTEMPTS = 10

Clock = Callable[[], datetime]


def _no_list(_owner_id: str, _list_id: str) -> None:
    """Find no list."""


def create_task(
    command: CreateTask,
    store: TaskRepository,
    now: datetime,
    new_id: str,
    profile: Profile | None = None,
    *,
    retention: timedelta = MAX_ID_AGE,
    find_list: FindList = _no_list,
) -> Task:
    """Store a new task.

    A client's repetition of a creation that was made is answered with the task, whatever became of it.
    Repeating the command, or sending one whose content equals the stored task, returns the stored task. A key that is a
    UUID of version 7 is the task's id: a client that is offline knows it before the service does.

    Args:
        command: What to create; its key is optional.
        store: Where to store it.
        now: When it is created.
        new_id: The id, unless the key is one.
        profile: The owner's defaults.
        retention: How long a deleted task stays in the table at least.
        find_list: Returns an owner's list by its id.

    Raises:
        ConflictError: The key belongs to a task with other content.
        InvalidInputError: The parent cannot have this subtask, there is no such list or section, recurrence and due
            date are inconsistent, or the key is a UUID of version 7 of another time.
        LimitExceededError: The parent has too many subtasks.
        UnavailableError: The table did not answer.
    """
    try:
        given_id = parse_task_id(_key_of(command) or "")
        if given_id:
            check_given_id(given_id, now, retention)
        check_place(command, find_list)
        return _create_task(command, store, now, given_id or new_id, profile or Profile(command.owner_id))
    except TaskError:
        if created := _created_before(command, store):
            return created
        raise


def _created_before(command: CreateTask, store: TaskRepository) -> Task | None:
    """Return the task that a client's command has created before, even a deleted one."""
    key = _key_of(command)
    task_id = resolve_id(store, command.owner_id, key) if key and command.mutation else None
    task = store.get(command.owner_id, task_id) if task_id else None
    return task if task and command.mutation and is_repetition(command.mutation, task.receipts) else None


def _key_of(command: CreateTask) -> str | None:
    return command.key or (command.mutation.id if command.mutation else None)


def new_task(command: CreateTask, now: datetime, id_: str, profile: Profile) -> Task:
    """Return the task that a command asks for, with the owner's defaults."""
    reminders = profile.default_reminders if command.remind_before is None and command.due_at else command.remind_before
    time_zone = command.time_zone or profile.time_zone
    due = due_from(command.due_at, ZoneInfo(time_zone)) if command.due_at else None
    task = Task(
        id=id_,
        key=command.key,
        owner_id=command.owner_id,
        title=command.title,
        description=command.description,
        priority=command.priority,
        labels=command.labels,
        status=command.status,
        completed_at=now if command.status is TaskStatus.COMPLETED else None,
        due_at=due.at if due else None,
        due_on=due.on if due else None,
        nominal_due=due.nominal if due else None,
        time_zone=time_zone,
        remind_before=reminders or (),
        remind_at=command.remind_at,
        recurrence=command.recurrence,
        parent_id=command.parent_id,
        rank=command.rank or initial_rank(now, id_),
        list_id=command.list_id,
        section_id=command.section_id,
        created_at=now,
        updated_at=now,
        schedule=Schedule(version=1, since=now),
        request_digest=_digest(command),
        receipts=(command.mutation.receipt,) if command.mutation else (),
    )
    return with_overdue(task, now)


def _create_task(command: CreateTask, store: TaskRepository, now: datetime, id_: str, profile: Profile) -> Task:
    key = _key_of(command)
    if key and parse_task_id(key):
        key = None
    if command.parent_id is not None:
        parent = check_new_parent(find_task(store, command.owner_id, command.parent_id))
        own_id = (key and store.id_for_key(command.owner_id, key)) or id_
        check_subtask_limit(store.subtask_ids(parent), own_id, ("parent_id",))
    task = new_task(replace(command, key=key), now, id_, profile)
    check_recurrence(task, ("recurrence",))
    if task.completed and task.recurrence:
        raise InvalidInputError("A task that repeats cannot be completed when it is created.", ("status",))
    existing = store.add(task)
    if existing is None:
        return task
    same = existing.request_digest == task.request_digest or _content(existing) == _content(task)
    if existing.deleted or not same:
        message = "A task of this key exists, with other content, or was deleted."
        raise ConflictError(_unless_deleted(existing), ("key",), message)
    return _with_receipt(existing, command, store)


def _with_receipt(existing: Task, command: CreateTask, store: TaskRepository) -> Task:
    """Return the task that a command asked for and that was there, with the receipt of the client's mutation.

    Its repetition then succeeds too, whatever becomes of the task and of its parent.
    """
    if command.mutation is None or is_repetition(command.mutation, existing.receipts):
        return existing
    return change(store, UpdateTask(existing.owner_id, existing.id, mutation=command.mutation), lambda task: task)


def update_task(command: UpdateTask, store: TaskRepository, clock: Clock, find_list: FindList = _no_list) -> Task:
    """Change a task's details.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: `expected_version` is out of date.
        InvalidInputError: The new recurrence and due date are inconsistent, the labels too many, there is no such list
            or section, or the task cannot be a subtask of the parent.
        LimitExceededError: The parent has too many subtasks.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """
    alone = command.range is OccurrenceRange.THIS
    if alone and "recurrence" in command.changes:
        raise InvalidInputError("It is of all later occurrences: THISANDFUTURE.", ("range",))

    def decide(task: Task) -> Task:
        changes = placed(task, command.changes, find_list)
        if command.add_labels or command.remove_labels:
            changes = {**changes, "labels": relabelled(task.labels, command.add_labels, command.remove_labels)}
        changed = with_changes(task, changes, command.range, clock())
        if changed.parent_id != task.parent_id:
            check_move(changed, store)
        if (changed.due_at, changed.recurrence) != (task.due_at, task.recurrence):
            check_recurrence(changed, command.changes)
        return changed

    return change(store, command, decide)


def check_move(task: Task, store: TaskRepository) -> None:
    """Raise InvalidInputError or LimitExceededError if a task cannot be below its new parent, if it has one."""
    if task.parent_id is None:
        return
    parent = check_new_parent(find_task(store, task.owner_id, task.parent_id))
    if parent.id == task.id or store.subtask_ids(task):
        raise InvalidInputError("A task with subtasks cannot be one itself.", ("parent_id",))
    check_subtask_limit(store.subtask_ids(parent), task.id, ("parent_id",))


def delete_task(command: DeleteTask, store: TaskRepository, clock: Clock, retention: timedelta) -> Task:
    """Delete a task.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: `expected_version` is out of date.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """
    return change(store, command, lambda task: soft_deleted(task, clock(), retention))


def restore_task(command: RestoreTask, store: TaskRepository, clock: Clock, find_list: FindList = _no_list) -> Task:
    """Restore a deleted task, in no list if its list is gone.

    A subtask becomes a task of its own if its parent is gone, or a subtask itself now.

    Raises:
        NotFoundError: There is no such task, or its retention has ended.
        ConflictError: `expected_version` is out of date.
        InvalidInputError: The parent of the subtask is deleted.
        LimitExceededError: The parent has too many subtasks.
        UnavailableError: The table did not answer, or the task changed during each attempt.
    """

    def decide(task: Task) -> Task:
        now = clock()
        check_retention(task, now)
        parent = store.get(task.owner_id, task.parent_id) if task.deleted and task.parent_id else None
        if parent is None or parent.purged or parent.parent_id:
            back = restored(task, now, without_parent=True)
            return back if back is task else in_live_list(back, find_list)
        check_restorable(parent)
        check_subtask_limit(store.subtask_ids(parent), task.id, ("id",))
        return restored(task, now)

    return change(store, command, decide, include_deleted=True)


def resolve_id(store: TaskRepository, owner_id: str, reference: str) -> str:
    """Return the id of a task that is named by its id or by its key, which takes one read.

    Returns:
        The reference itself if no task of the owner has that key: then there is no such task.
    """
    return parse_task_id(reference) or store.id_for_key(owner_id, reference) or reference


def find_task(store: TaskRepository, owner_id: str, task_id: str) -> Task | None:
    """Return the task; None if there is none or it is deleted."""
    return _unless_deleted(store.get(owner_id, task_id))


def change(
    store: TaskRepository,
    command: UpdateTask | SetTaskStatus | SkipOccurrence | DeleteTask | RestoreTask | PurgeTask | UndoChange,
    decide: Callable[[Task], Task],
    beside: Callable[[], Sequence[tuple[Task | None, Task]]] = tuple,
    *,
    include_deleted: bool = False,
) -> Task:
    """Store what `decide` returns for the current version of a task.

    A change that a client has named and that was made in the last day is not made again; the task is returned as it is.

    Args:
        store: Where the task is stored.
        command: Names the task, the expected version and the client's mutation.
        decide: Returns the new version, or the same object to store nothing.
        beside: Returns the other tasks of the last decision, before and after it, which are stored together with it.
        include_deleted: Whether a deleted task can be changed.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: The expected version is out of date.
        UnavailableError: The table did not answer, or the task changed during each of MAX_ATTEMPTS attempts.
    """
    for _ in range(MAX_ATTEMPTS):
        task = store.get(command.owner_id, command.id)
        if task and command.mutation and is_repetition(command.mutation, task.receipts):
            return task
        if task is None or task.purged or (task.deleted and not include_deleted):
            raise NotFoundError(field=("id",))
        check_expected_version(task, command.expected_version)
        changed = decide(task)
        if command.mutation:
            changed = replace(changed, receipts=added(command.mutation.receipt, task.receipts))
        if changed is task or store.replace(task, changed, beside()):
            return changed
    raise UnavailableError("There are too many concurrent changes of the task. Try again.")


def _digest(command: CreateTask) -> str:
    """Return a hash of the request, which identifies its repetition even after the task was edited."""
    return sha256(canonical_json(create_task_to_dict(command))).hexdigest()[:32]


_content = attrgetter(
    "title",
    "description",
    "priority",
    "labels",
    "status",
    "due_at",
    "due_on",
    "time_zone",
    "remind_before",
    "remind_at",
    "recurrence",
    "parent_id",
    "list_id",
    "section_id",
)


def _unless_deleted(task: Task | None) -> Task | None:
    return task if task and not task.deleted else None
