"""How a workflow run changes a task."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from taskbell.application.workflow_steps import Step, StepContext, WorkflowRun, execute_step
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.lifecycle import MAX_WAIT, Finish, Plan, Superseded, TimerAction, Wait, plan
from taskbell.domain.notification import Notification
from taskbell.domain.task import (
    Processing,
    ProcessingState,
    Schedule,
    Task,
    TaskStatus,
    restored,
    soft_deleted,
    with_details,
    with_status,
)
from tests.support.examples import LATER, NOW, example_task
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskRepository
from tests.support.log_fakes import InMemoryNotificationRepository

RUN = WorkflowRun("ada", "essay", schedule_version=1)
DUE = NOW + timedelta(days=1)
MONTH = timedelta(days=30)


@dataclass
class Table(InMemoryTaskRepository):
    """Tasks and notifications."""

    sent: InMemoryNotificationRepository = field(default_factory=InMemoryNotificationRepository)
    profiles: InMemoryProfileRepository = field(default_factory=InMemoryProfileRepository)

    @property
    def notifications(self) -> list[Notification]:
        return list(self.sent.sent.values())


def run_step(step: Step, run: WorkflowRun, context: StepContext, store: Table) -> Plan:
    return execute_step(step, run, context, store, store.sent, profiles=store.profiles)


def stored(task: Task) -> Table:
    store = Table()
    store.add(task)
    return store


def test_a_task_without_due_date_is_accepted_and_finished() -> None:
    store = stored(example_task())
    assert run_step(Step.ACCEPT, RUN, StepContext(LATER), store) == Finish()
    assert _processing(store) == Processing(ProcessingState.RUNNING, "accept", None, LATER)
    assert run_step(Step.PLAN, RUN, StepContext(LATER), store) == Finish()
    run_step(Step.FINISH, RUN, StepContext(LATER), store)
    assert _processing(store) == Processing(ProcessingState.SUCCEEDED, "finish", None, LATER, LATER)


def test_reminders_come_in_order_and_then_the_due_date() -> None:
    store = stored(example_task(due_at=DUE, remind_before=(10, 60)))
    moments = []
    while isinstance(planned := run_step(Step.PLAN, RUN, StepContext(NOW), store), Wait):
        moments.append((DUE - planned.at, planned.action))
        run_step(Step(planned.action.value), RUN, StepContext(planned.at, planned.at), store)
    assert moments == [
        (timedelta(minutes=60), TimerAction.REMIND),
        (timedelta(minutes=10), TimerAction.REMIND),
        (timedelta(0), TimerAction.MARK_OVERDUE),
    ]
    assert [note.at for note in store.notifications] == [DUE - timedelta(minutes=60), DUE - timedelta(minutes=10)]
    assert store.tasks["ada", "essay"].overdue


def test_a_run_that_waits_first_is_accepted_and_waits_in_one_change() -> None:
    store = stored(example_task(due_at=DUE))
    assert run_step(Step.ACCEPT, RUN, StepContext(LATER), store) == Wait(DUE, TimerAction.MARK_OVERDUE)
    run_step(Step.PLAN, RUN, StepContext(LATER), store)
    assert _processing(store) == Processing(ProcessingState.WAITING, "wait", None, LATER)
    assert store.tasks["ada", "essay"].version == 2


def test_a_waiting_run_says_so_once() -> None:
    store = stored(example_task(due_at=DUE))
    run_step(Step.PLAN, RUN, StepContext(NOW), store)
    run_step(Step.PLAN, RUN, StepContext(NOW), store)
    task = store.tasks["ada", "essay"]
    assert (task.processing.state, task.version) == (ProcessingState.WAITING, 2)


def test_a_reminder_whose_instant_was_over_before_the_task_was_made_is_not_sent() -> None:
    assert plan(example_task(due_at=DUE, remind_before=(7 * 24 * 60,)), NOW) == Wait(DUE, TimerAction.MARK_OVERDUE)


def test_a_reminder_that_was_due_while_the_system_was_down_is_still_sent() -> None:
    reminder = DUE - timedelta(minutes=60)
    assert plan(example_task(due_at=DUE, remind_before=(60,)), DUE) == Wait(reminder, TimerAction.REMIND)


def test_a_reminder_that_comes_twice_leaves_one_notification() -> None:
    store = stored(example_task(due_at=DUE, remind_before=(60,)))
    context = StepContext(DUE, DUE - timedelta(minutes=60))
    run_step(Step.REMIND, RUN, context, store)
    run_step(Step.REMIND, RUN, context, store)
    assert len(store.notifications) == 1


def test_a_reminder_that_an_earlier_schedule_sent_is_not_sent_again_by_a_machine_whose_clock_is_behind() -> None:
    store = stored(example_task(due_at=DUE, remind_before=(60, 5)))
    reminder = DUE - timedelta(minutes=60)
    run_step(Step.REMIND, RUN, StepContext(reminder, reminder), store)
    before = store.tasks["ada", "essay"]
    moved = with_details(before, {"remind_before": (60, 30, 5)}, reminder - timedelta(seconds=2))
    assert plan(moved, reminder) == Wait(DUE - timedelta(minutes=30), TimerAction.REMIND)
    again = with_details(moved, {"remind_before": (60, 30)}, reminder - timedelta(seconds=1))
    assert plan(again, reminder) == Wait(DUE - timedelta(minutes=30), TimerAction.REMIND)


@pytest.mark.parametrize("due_at", [DUE, DUE - MONTH], ids=["the same", "past"])
def test_an_overdue_task_stays_overdue_when_its_reminders_change(due_at: datetime) -> None:
    task = example_task(due_at=DUE, remind_before=(60,), overdue=True)
    changed = with_details(task, {"remind_before": (5,), "due_at": due_at}, DUE)
    assert changed.overdue
    assert changed.schedule == task.schedule


def test_an_overdue_task_with_a_later_due_date_waits_for_it() -> None:
    changed = with_details(example_task(due_at=DUE, overdue=True), {"due_at": DUE + MONTH}, DUE)
    assert not changed.overdue
    assert plan(changed, DUE) == Wait(DUE + MONTH, TimerAction.MARK_OVERDUE)


def test_an_overdue_task_without_due_date_is_not_overdue() -> None:
    assert not with_details(example_task(due_at=DUE, overdue=True), {"due_at": None}, DUE).overdue


def test_an_overdue_task_that_was_deleted_is_overdue_when_it_is_restored() -> None:
    task = soft_deleted(example_task(due_at=DUE, overdue=True), DUE, MONTH)
    assert restored(task, DUE).overdue


def test_a_run_that_starts_after_the_due_date_makes_the_task_overdue() -> None:
    store = stored(example_task(due_at=NOW - MONTH))
    assert run_step(Step.PLAN, RUN, StepContext(NOW), store) == Wait(NOW - MONTH, TimerAction.MARK_OVERDUE)
    assert run_step(Step.MARK_OVERDUE, RUN, StepContext(NOW), store) == Finish()


@pytest.mark.parametrize(
    ("step", "at", "action"),
    [
        (Step.REMIND, DUE - timedelta(minutes=60), TimerAction.REMIND),
        (Step.MARK_OVERDUE, DUE, TimerAction.MARK_OVERDUE),
    ],
)
def test_a_run_that_wakes_too_early_waits_again(step: Step, at: datetime, action: TimerAction) -> None:
    reminders = (60,) if action is TimerAction.REMIND else ()
    store = stored(example_task(due_at=DUE, remind_before=reminders))
    assert run_step(step, RUN, StepContext(at - timedelta(minutes=1), at), store) == Wait(at, action)
    assert (store.tasks["ada", "essay"].overdue, store.notifications) == (False, [])


def test_a_step_acts_although_the_clock_of_its_machine_is_a_little_behind() -> None:
    store = stored(example_task(due_at=DUE, remind_before=(60,)))
    for step, at in ((Step.REMIND, DUE - timedelta(minutes=60)), (Step.MARK_OVERDUE, DUE)):
        run_step(step, RUN, StepContext(at - timedelta(milliseconds=900), at), store)
    assert store.tasks["ada", "essay"].overdue
    assert [note.sent_at for note in store.notifications] == [DUE - timedelta(minutes=60)]


def test_a_completed_task_is_neither_reminded_of_nor_overdue() -> None:
    done = with_status(example_task(due_at=DUE, remind_before=(60,)), TaskStatus.COMPLETED, NOW)
    store = stored(done)
    run_step(Step.REMIND, RUN, StepContext(DUE, DUE - timedelta(minutes=60)), store)
    assert run_step(Step.MARK_OVERDUE, RUN, StepContext(DUE), store) == Finish()
    assert (store.notifications, store.tasks["ada", "essay"]) == ([], done)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize(
    "overtaken",
    [
        lambda task: soft_deleted(task, LATER, MONTH),
        lambda task: with_details(task, {"due_at": DUE + MONTH}, LATER),
        lambda task: with_details(task, {"remind_before": (5,)}, LATER),
    ],
    ids=["deleted", "moved", "other reminders"],
)
def test_a_run_that_was_overtaken_leaves_without_a_trace(step: Step, overtaken: Callable[[Task], Task]) -> None:
    task = overtaken(example_task(due_at=DUE, remind_before=(60,)))
    store = stored(task)
    context = StepContext(DUE, DUE - timedelta(minutes=60), "why")
    assert run_step(step, RUN, context, store) == Superseded()
    assert (store.tasks["ada", "essay"], store.notifications) == (task, [])


@pytest.mark.parametrize("step", list(Step))
def test_a_task_that_is_gone_is_left(step: Step) -> None:
    assert run_step(step, RUN, StepContext(NOW), Table()) == Superseded()


def test_a_due_date_further_away_than_a_run_can_live_is_handed_over_to_a_new_run() -> None:
    store = stored(example_task(due_at=NOW + 2 * MAX_WAIT, remind_before=(60,)))
    planned = run_step(Step.PLAN, RUN, StepContext(NOW), store)
    assert planned == Wait(NOW + MAX_WAIT, TimerAction.HAND_OVER)
    run_step(Step.HAND_OVER, RUN, StepContext(planned.at, planned.at), store)
    task = store.tasks["ada", "essay"]
    assert task.schedule == Schedule(version=task.version, since=NOW)
    assert run_step(Step.PLAN, RUN, StepContext(planned.at), store) == Superseded()


def test_a_failure_is_written_to_the_task() -> None:
    store = stored(example_task())
    run_step(Step.ACCEPT, RUN, StepContext(NOW), store)
    run_step(Step.RECORD_FAILURE, RUN, StepContext(LATER, error="No answer."), store)
    assert _processing(store) == Processing(ProcessingState.FAILED, "accept", "No answer.", NOW, LATER)


def test_a_failure_is_written_to_a_task_that_cannot_be_planned_at_all() -> None:
    store = stored(example_task(due_at=DUE, remind_before=(2_000_000_000,)))  # minutes: before the year 1
    with pytest.raises(OverflowError):
        run_step(Step.ACCEPT, RUN, StepContext(NOW), store)
    assert run_step(Step.RECORD_FAILURE, RUN, StepContext(LATER, error="No answer."), store) == Superseded()
    assert _processing(store) == Processing(ProcessingState.FAILED, None, "No answer.", None, LATER)


def test_a_reminder_without_its_time_is_an_error() -> None:
    with pytest.raises(ValueError, match="time"):
        run_step(Step.REMIND, RUN, StepContext(NOW), stored(example_task()))


def test_a_step_that_is_overtaken_without_end_is_given_up() -> None:
    class NeverTheSame(Table):
        def replace(self, *_: object) -> bool:
            return False

    with pytest.raises(UnavailableError):
        run_step(Step.ACCEPT, RUN, StepContext(NOW), NeverTheSame({("ada", "essay"): example_task()}))


@pytest.mark.parametrize("at", [NOW, DUE, DUE + MONTH])
def test_an_overdue_task_has_nothing_left_to_wait_for(at: datetime) -> None:
    planned: Plan = plan(example_task(due_at=DUE, overdue=True), at)
    assert planned == Finish()


def _processing(store: Table) -> Processing:
    return store.tasks["ada", "essay"].processing


def test_a_run_that_waits_or_has_ended_is_not_accepted_again() -> None:
    for state in (ProcessingState.RUNNING, ProcessingState.WAITING, ProcessingState.SUCCEEDED):
        store = stored(example_task(due_at=DUE, processing=Processing(state)))
        run_step(Step.ACCEPT, RUN, StepContext(LATER), store)
        assert _processing(store) == Processing(state)


def test_no_wait_is_longer_than_an_execution_may_last() -> None:
    assert timedelta(days=365) > MAX_WAIT


def test_a_task_without_a_due_date_is_reminded_of_at_a_time() -> None:
    store = stored(example_task(remind_at=(DUE,)))
    assert plan(store.tasks["ada", "essay"], NOW) == Wait(DUE, TimerAction.REMIND)
    assert run_step(Step.REMIND, RUN, StepContext(DUE, DUE), store) == Finish()
    (notification,) = store.notifications
    assert (notification.at, notification.due_at) == (DUE, None)


def test_what_comes_first_is_waited_for_and_an_overdue_task_for_its_later_reminders() -> None:
    later = DUE + timedelta(hours=1)
    store = stored(example_task(due_at=DUE, remind_before=(0,), remind_at=(later,)))
    assert run_step(Step.REMIND, RUN, StepContext(DUE, DUE), store) == Wait(DUE, TimerAction.MARK_OVERDUE)
    assert run_step(Step.MARK_OVERDUE, RUN, StepContext(DUE, DUE), store) == Wait(later, TimerAction.REMIND)
    assert run_step(Step.REMIND, RUN, StepContext(later, later), store) == Finish()
    assert store.tasks["ada", "essay"].overdue


def test_an_overdue_task_gets_a_run_for_a_reminder_in_the_future_only() -> None:
    task = example_task(due_at=DUE, overdue=True)
    now = DUE + timedelta(hours=1)
    assert with_details(task, {"remind_at": (now,)}, now).schedule == task.schedule
    waiting = with_details(task, {"remind_at": (now + timedelta(hours=1),)}, now)
    assert waiting.overdue
    assert plan(waiting, now) == Wait(now + timedelta(hours=1), TimerAction.REMIND)


def test_reopening_a_task_brings_its_later_reminders_back() -> None:
    done = with_status(example_task(remind_at=(DUE,)), TaskStatus.COMPLETED, NOW)
    assert plan(done, NOW) == Finish()
    assert plan(with_status(done, TaskStatus.PENDING, NOW), NOW) == Wait(DUE, TimerAction.REMIND)
