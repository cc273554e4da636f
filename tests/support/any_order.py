"""People and the pipeline act on one task in any order; messages arrive twice, and steps are taken twice.

Whatever happened, once all messages are delivered and all runs have gone on, the task is where it has to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from taskbell.application.ports import TaskRepository
from taskbell.application.task_changes import create_task, delete_task, restore_task, set_task_status, update_task
from taskbell.application.workflow_steps import Step, StepContext, WorkflowRun, execute_step
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus, UpdateTask
from taskbell.domain.events import TaskEvent, event_between
from taskbell.domain.exceptions import NotFoundError
from taskbell.domain.lifecycle import Finish, Plan, Superseded, Wait
from taskbell.domain.notification import Notification
from taskbell.domain.queries import Page, TaskQuery
from taskbell.domain.task import ProcessingState, Task, TaskStatus
from tests.support.examples import NOW, at
from tests.support.fakes import InMemoryTaskRepository

HOUR = timedelta(hours=1)


@dataclass
class Streamed:
    """A repository that reports each change, as the table's stream does, and each notification."""

    store: TaskRepository
    stream: list[TaskEvent] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def add(self, task: Task) -> Task | None:
        existing = self.store.add(task)
        if existing is None:
            self.stream.append(event_between(None, task))
        return existing

    def get(self, owner_id: str, task_id: str) -> Task | None:
        return self.store.get(owner_id, task_id)

    def replace(self, before: Task, after: Task, notification: Notification | None = None) -> bool:
        stored = self.store.get(before.owner_id, before.id)
        replaced = self.store.replace(before, after, notification)
        if replaced and stored == before:
            self.stream.append(event_between(before, after))
            self.notifications += [notification] if notification else []
        return replaced

    def subtasks(self, parent: Task) -> Sequence[Task]:
        return self.store.subtasks(parent)

    def deleted_with(self, parent: Task) -> Sequence[Task]:
        return self.store.deleted_with(parent)

    def page(self, query: TaskQuery, first: int, after: str | None) -> Page[Task]:
        return self.store.page(query, first, after)


@dataclass
class Execution:
    """A run of the workflow, as Step Functions keeps it: where it stands."""

    plan: Plan | None = None
    over: bool = False


class AnyOrder(RuleBasedStateMachine):
    """One task, its people and its pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.store = Streamed(self.make_store())
        self.executions: dict[int, Execution] = {}
        self.delivered = 0

    def make_store(self) -> TaskRepository:
        return InMemoryTaskRepository()

    @property
    def task(self) -> Task:
        task = self.store.get("ada", "essay")
        assert task
        return task

    @initialize(due=st.none() | st.integers(-2, 5), reminders=st.lists(st.integers(0, 180), max_size=3))
    def create(self, due: int | None, reminders: list[int]) -> None:
        due_at = None if due is None else self.now + due * HOUR
        command = CreateTask("ada", "Essay", "essay", due_at=due_at, remind_before=tuple(reminders))
        create_task(command, self.store, self.now, "unused")

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(status=st.sampled_from(TaskStatus))
    def set_status(self, status: TaskStatus) -> None:
        self._if_there(lambda: set_task_status(SetTaskStatus("ada", "essay", status), self.store, at(self.now)))

    @rule(due=st.none() | st.integers(-2, 5))
    def move(self, due: int | None) -> None:
        changes: dict[str, object] = {"due_at": None if due is None else self.now + due * HOUR}
        self._if_there(lambda: update_task(UpdateTask("ada", "essay", changes), self.store, at(self.now)))

    @rule()
    def rename(self) -> None:
        changes: dict[str, object] = {"title": f"Essay {self.task.version}"}
        self._if_there(lambda: update_task(UpdateTask("ada", "essay", changes), self.store, at(self.now)))

    @rule()
    @precondition(lambda self: self.task.version > 4)
    def delete(self) -> None:
        self._if_there(lambda: delete_task(DeleteTask("ada", "essay"), self.store, at(self.now), 9999 * HOUR))

    @rule()
    @precondition(lambda self: self.task.deleted)
    def restore(self) -> None:
        restore_task(RestoreTask("ada", "essay"), self.store, at(self.now))

    @rule(again=st.integers(0, 3))
    @precondition(lambda self: self.delivered < len(self.store.stream))
    def an_event_is_handled(self, again: int) -> None:
        """The next event, and perhaps some that were handled before."""
        for event in self.store.stream[max(0, self.delivered - again) : self.delivered + 1]:
            self._handle(event)
        self.delivered += 1

    @rule(twice=st.booleans())
    def the_runs_go_on(self, twice: bool) -> None:
        for version, execution in self.executions.items():
            self._go_on(version, execution, twice)

    @invariant()
    def every_version_has_one_event(self) -> None:
        assert [event.task.version for event in self.store.stream] == list(range(1, len(self.store.stream) + 1))

    @invariant()
    def nobody_is_reminded_twice_of_the_same_instant(self) -> None:
        instants = [note.at for note in self.store.notifications]
        assert len(instants) == len(set(instants))

    @invariant()
    def a_completed_task_is_not_overdue(self) -> None:
        assert not (self.task.completed and self.task.overdue)

    @rule()
    def the_pipeline_catches_up(self) -> None:
        while self._something_is_left():
            for event in self.store.stream[self.delivered :]:
                self._handle(event)
            self.delivered = len(self.store.stream)
            for version, execution in list(self.executions.items()):
                self._go_on(version, execution, twice=False)
        self._all_is_as_it_has_to_be()

    def teardown(self) -> None:
        self.the_pipeline_catches_up()

    def _all_is_as_it_has_to_be(self) -> None:
        task = self.task
        open_task = not task.completed and not task.deleted
        waits = open_task and task.due_at is not None and task.due_at > self.now
        assert task.processing.state is (ProcessingState.WAITING if waits else ProcessingState.SUCCEEDED)
        if open_task:
            assert task.overdue == (task.due_at is not None and task.due_at <= self.now)
            due = [at for at in task.reminder_times if task.schedule.since < at <= self.now]
            assert set(due) <= {note.at for note in self.store.notifications}
        assert [v for v, e in self.executions.items() if not e.over] == ([task.schedule.version] if waits else [])

    def _handle(self, event: TaskEvent) -> None:
        if event.superseded_schedule is not None:
            self.executions[event.superseded_schedule].over = True
        if event.starts_workflow:
            self.executions.setdefault(event.task.schedule.version, Execution())

    def _go_on(self, version: int, execution: Execution, twice: bool) -> None:
        """One state further, as workflows/task_lifecycle.asl.yml says."""
        if execution.over or not self._is_time(execution):
            return
        run, step, at = WorkflowRun("ada", "essay", version), *self._next_step(execution)
        for _ in range(2 if twice else 1):
            answer = execute_step(step, run, StepContext(self.now, at), self.store)
        execution.plan = answer if step is Step.PLAN or isinstance(answer, Superseded) else None
        execution.over = step is Step.FINISH or isinstance(answer, Superseded)
        if step is Step.ACCEPT:
            execution.plan = answer
            self._plan(version, execution)
        elif not execution.over and step is not Step.PLAN:
            self._plan(version, execution)

    def _plan(self, version: int, execution: Execution) -> None:
        execution.plan = execute_step(
            Step.PLAN, WorkflowRun("ada", "essay", version), StepContext(self.now), self.store
        )
        execution.over = isinstance(execution.plan, Superseded)

    def _is_time(self, execution: Execution) -> bool:
        return not isinstance(execution.plan, Wait) or execution.plan.at <= self.now

    def _next_step(self, execution: Execution) -> tuple[Step, datetime | None]:
        match execution.plan:
            case Wait(at, moment):
                return Step(moment.value), at
            case Finish():
                return Step.FINISH, None
            case _:
                return Step.ACCEPT, None

    def _something_is_left(self) -> bool:
        runs = any(not execution.over and self._is_time(execution) for execution in self.executions.values())
        return runs or self.delivered < len(self.store.stream)

    def _if_there(self, change: object) -> None:
        assert callable(change)
        try:
            change()
        except NotFoundError:
            assert self.task.deleted
