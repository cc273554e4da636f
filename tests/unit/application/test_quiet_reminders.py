"""Reminders that are due in quiet hours."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from taskbell.application.workflow_steps import Step, StepContext, WorkflowRun, execute_step
from taskbell.domain.lifecycle import Finish, Plan, TimerAction, Wait
from taskbell.domain.profile import Profile
from taskbell.domain.quiet_hours import QuietHours
from taskbell.domain.task import Task, TaskStatus, with_status
from tests.support.examples import NOW, example_task
from tests.support.fakes import InMemoryProfileRepository, InMemoryTaskRepository
from tests.support.log_fakes import InMemoryNotificationRepository

RUN = WorkflowRun("ada", "essay", schedule_version=1)
MIDNIGHT = (NOW + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
ENDS = MIDNIGHT + timedelta(hours=7)
NIGHT = QuietHours(time(22), time(7))


def at(hour: int, minute: int = 0) -> datetime:
    """A time of the night: of the evening before midnight, or of the morning after it."""
    return MIDNIGHT + timedelta(hours=hour - 24 if hour > 12 else hour, minutes=minute)


@dataclass
class CountedProfiles(InMemoryProfileRepository):
    reads: int = 0

    def get(self, owner_id: str) -> Profile:
        self.reads += 1
        return super().get(owner_id)


@dataclass
class Stage:
    """A task of Ada's, and its run."""

    task: Task
    tasks: InMemoryTaskRepository = field(default_factory=InMemoryTaskRepository)
    notes: InMemoryNotificationRepository = field(default_factory=InMemoryNotificationRepository)
    profiles: CountedProfiles = field(default_factory=CountedProfiles)

    def __post_init__(self) -> None:
        self.tasks.add(self.task)
        self.set(NIGHT)

    def set(self, hours: QuietHours | None, zone: str = "UTC") -> None:
        self.profiles.profiles["ada"] = Profile("ada", zone, quiet_hours=hours)

    def step(self, step: Step, now: datetime, timer: datetime | None = None) -> Plan:
        return execute_step(step, RUN, StepContext(now, timer), self.tasks, self.notes, profiles=self.profiles)

    def run(self) -> list[tuple[datetime, TimerAction]]:
        """Let the run go on until it finishes; return what it waited for."""
        now, waits = NOW, []
        while isinstance(planned := self.step(Step.PLAN, now), Wait):
            now = max(now, planned.at)
            waits.append((planned.at, planned.action))
            self.step(Step(planned.action.value), now, planned.at)
        return waits

    @property
    def sent(self) -> list[tuple[datetime, datetime]]:
        return [(note.at, note.sent_at) for note in self.notes.sent.values()]


def reminded_at(*times: datetime, due: datetime | None = None) -> Stage:
    return Stage(example_task(remind_at=times, due_at=due))


def test_a_reminder_is_sent_when_the_quiet_hours_end_and_says_when_it_was_due() -> None:
    stage = reminded_at(at(23))
    assert stage.run() == [(ENDS, TimerAction.REMIND)]
    assert stage.sent == [(at(23), ENDS)]


def test_the_quiet_hours_are_those_of_the_owners_zone() -> None:
    stage = reminded_at(at(23))
    stage.set(NIGHT, "Asia/Tokyo")  # eight in the morning there
    stage.run()
    assert stage.sent == [(at(23), at(23))]


def test_the_due_date_is_not_delayed() -> None:
    stage = Stage(example_task(due_at=at(1), remind_before=(0, 60)))
    assert [action for _, action in stage.run()] == [TimerAction.MARK_OVERDUE, TimerAction.REMIND, TimerAction.REMIND]
    assert stage.tasks.tasks["ada", "essay"].overdue
    assert stage.sent == [(at(0), ENDS), (at(1), ENDS)]


def test_several_that_are_delayed_to_the_same_time_are_each_sent_once() -> None:
    stage = reminded_at(at(23), at(2), at(7), at(8))
    stage.run()
    assert stage.sent == [(at(23), ENDS), (at(2), ENDS), (at(7), ENDS), (at(8), at(8))]


def test_a_step_that_is_repeated_sends_nothing_twice() -> None:
    stage = reminded_at(at(23))
    for _ in range(2):
        stage.step(Step.REMIND, ENDS, ENDS)
    assert stage.sent == [(at(23), ENDS)]


def test_a_run_that_wakes_in_quiet_hours_set_meanwhile_waits_on() -> None:
    stage = reminded_at(at(23))
    stage.set(None)
    assert stage.step(Step.PLAN, NOW) == Wait(at(23), TimerAction.REMIND)
    stage.set(NIGHT)
    assert stage.step(Step.REMIND, at(23), at(23)) == Wait(ENDS, TimerAction.REMIND)
    assert not stage.sent


def test_a_late_reminder_is_not_sent_in_quiet_hours_either() -> None:
    stage = reminded_at(at(21))
    assert stage.step(Step.REMIND, at(23), at(21)) == Wait(ENDS, TimerAction.REMIND)
    assert not stage.sent


def test_what_is_planned_holds_when_the_quiet_hours_are_turned_off() -> None:
    stage = reminded_at(at(23))
    planned = stage.step(Step.PLAN, NOW)
    assert planned == Wait(ENDS, TimerAction.REMIND)
    stage.set(None)
    stage.step(Step.REMIND, ENDS, ENDS)
    assert stage.sent == [(at(23), ENDS)]


def test_a_task_that_is_completed_meanwhile_is_not_reminded_of() -> None:
    stage = reminded_at(at(23))
    task = stage.tasks.tasks["ada", "essay"]
    stage.tasks.replace(task, with_status(task, TaskStatus.COMPLETED, at(23, 30)))
    assert stage.step(Step.REMIND, ENDS, ENDS) == Finish()
    assert not stage.sent


def test_settings_are_read_only_to_plan_and_to_send_a_reminder() -> None:
    without = Stage(example_task(due_at=at(23)))
    without.step(Step.ACCEPT, NOW)
    without.run()
    assert without.profiles.reads == 0
    stage = reminded_at(at(20), due=at(23))
    stage.step(Step.ACCEPT, NOW)
    stage.run()
    assert stage.profiles.reads == 2
