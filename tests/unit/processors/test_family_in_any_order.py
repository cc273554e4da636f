"""A task and its subtasks are deleted, restored, completed and removed in any order; messages arrive late and twice.

Messages of one task keep their order; those of different tasks come as they like. Once all have been handled, whoever
is there and who is not is what people have asked for, the parent's progress and the owner's counts are right, and
nothing is remembered of what has left the table.
"""

import json
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from taskbell.application.event_handlers import EventHandler
from taskbell.application.serialization import event_from_dict, event_to_dict
from taskbell.application.task_changes import create_task, delete_task, restore_task, set_task_status
from taskbell.domain.commands import CreateTask, DeleteTask, RestoreTask, SetTaskStatus
from taskbell.domain.events import TaskEvent, TaskEventType, event_between, hard_delete_event
from taskbell.domain.exceptions import TaskError
from taskbell.domain.statistics import count_tasks
from taskbell.domain.task import Progress, Task, TaskStatus
from tests.support.examples import NOW, at
from tests.support.fakes import InMemoryEventStore, InMemoryTaskRepository, Recorder

MONTH = timedelta(days=30)
CHILDREN = ("outline", "draft", "proof")
ids = st.sampled_from(("essay", *CHILDREN))
children = st.sampled_from(CHILDREN)


class Screen(Recorder):
    """What is pushed, kept in order."""

    def __init__(self) -> None:
        super().__init__()
        self.pushes: list[TaskEvent] = []

    def publish(self, event: TaskEvent) -> None:
        self.pushes.append(event)


class Family(RuleBasedStateMachine):
    """An essay, its parts, people, and the pipeline."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.store = InMemoryTaskRepository(listener=self.streamed)
        self.queue: dict[str, list[str]] = defaultdict(list)
        self.handled: dict[str, int] = defaultdict(int)
        self.taken_off: dict[str, int] = defaultdict(int)
        self.screen = Screen()
        self.history = InMemoryEventStore(self.store)
        self.handler = EventHandler(self.history, self.store, self.screen, self.screen)
        self.deleted_by_hand: set[str] = set()
        create_task(CreateTask("ada", "Essay", "essay"), self.store, NOW, "unused")

    def streamed(self, before: Task | None, after: Task) -> None:
        """As forwardChanges does it."""
        event = event_between(before, after)
        if event.is_published:
            self.queue[after.id].append(json.dumps(event_to_dict(event)))

    @rule(child=children)
    def create(self, child: str) -> None:
        self._if_possible(
            create_task, CreateTask("ada", child, child, parent_id="essay"), self.store, self._later(), ""
        )

    @rule(id_=ids, status=st.sampled_from(TaskStatus))
    def set_status(self, id_: str, status: TaskStatus) -> None:
        self._if_possible(set_task_status, SetTaskStatus("ada", id_, status), self.store, at(self._later()))

    @rule(id_=ids)
    def delete(self, id_: str) -> None:
        if self._if_possible(delete_task, DeleteTask("ada", id_), self.store, at(self._later()), MONTH):
            self.deleted_by_hand.add(id_)

    @rule(id_=ids)
    def restore(self, id_: str) -> None:
        if self._if_possible(restore_task, RestoreTask("ada", id_), self.store, at(self._later())):
            self.deleted_by_hand.discard(id_)

    @rule(child=children)
    def remove(self, child: str) -> None:
        """As the time to live does, or somebody in the console."""
        if task := self.store.tasks.pop(("ada", child), None):
            self.queue[child].append(json.dumps(event_to_dict(hard_delete_event(task, self._later()))))
            self.deleted_by_hand.discard(child)

    @rule(id_=ids, again=st.integers(0, 2))
    def a_message_is_handled(self, id_: str, again: int) -> None:
        """The next of a task, and perhaps some that were handled before, unless they are off the queue."""
        place = self.handled[id_]
        self.handled[id_] = min(place + 1, len(self.queue[id_]))
        for body in self.queue[id_][max(self.taken_off[id_], place - again) : place + 1]:
            event = event_from_dict(json.loads(body))
            if event.is_hard_delete:
                self.taken_off[id_] = max(self.taken_off[id_], place)
            if not self.handler.is_obsolete(event):
                self.handler.store(event)
                self.handler.publish(event)

    @rule()
    def the_pipeline_catches_up(self) -> None:
        while waiting := [id_ for id_ in self.queue if self.handled[id_] < len(self.queue[id_])]:
            for id_ in waiting:
                self.a_message_is_handled(id_, 0)
        self._all_is_as_it_has_to_be()

    @invariant()
    def a_deleted_task_is_pushed_as_its_deletion_alone(self) -> None:
        assert {push.type for push in self.screen.pushes if push.task.deleted} <= {TaskEventType.DELETED}

    def teardown(self) -> None:
        self.the_pipeline_catches_up()

    def _all_is_as_it_has_to_be(self) -> None:
        stored = {id_: task for (_, id_), task in self.store.tasks.items()}
        parts = [task for task in stored.values() if task.parent_id]
        for part in parts:
            gone = "essay" in self.deleted_by_hand or part.id in self.deleted_by_hand
            assert part.deleted is gone, part.id
        there = [part for part in parts if not part.deleted]
        assert stored["essay"].progress == Progress(len(there), sum(part.completed for part in there))
        counts = {name: count for name, count in self.history.statistics.get("ada").counts.items() if count}
        assert counts == count_tasks(stored.values())
        born = {task.created_at for task in stored.values()}
        assert {event.task.created_at for event in self.history.events.values()} == born

    def _if_possible(self, use_case: Any, *arguments: Any) -> bool:
        with suppress(TaskError):
            use_case(*arguments)
            return True
        return False

    def _later(self) -> Any:
        self.now += timedelta(seconds=1)
        return self.now


Family.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestFamily = Family.TestCase
