"""The steps of the workflow, as Step Functions calls them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from processors.advance_task import FAILURE_MESSAGE, handler
from taskbell import bootstrap
from taskbell.domain.exceptions import InvalidSettingError
from taskbell.domain.task import ProcessingState
from taskbell.domain.timestamps import format_timestamp, truncate_to_milliseconds
from tests.support.aws import Aws, set_settings
from tests.support.examples import example_task
from tests.support.lambdas import CONTEXT

DUE = truncate_to_milliseconds(datetime.now(UTC)) + timedelta(minutes=60)  # the reminder an hour before is due
RUN = {"ownerId": "ada", "taskId": "essay", "scheduleVersion": 1}


def step(name: str, **more: Any) -> dict[str, str]:
    return handler({"step": name, **RUN, **more}, CONTEXT)


def state() -> ProcessingState:
    task = bootstrap.task_repository().get("ada", "essay")
    assert task
    return task.processing.state


def test_a_run_waits_for_the_due_date_and_finishes(aws: Aws) -> None:
    bootstrap.task_repository().add(example_task(due_at=DUE.replace(microsecond=1000)))
    assert step("accept")["next"] == "wait"
    assert step("plan") == {
        "next": "wait",
        "at": format_timestamp(DUE.replace(microsecond=1000)),
        "until": format_timestamp(DUE.replace(microsecond=0) + timedelta(seconds=1)),
        "moment": "markOverdue",
    }
    assert state() is ProcessingState.WAITING
    assert step("finish")["next"] == "wait"
    assert state() is ProcessingState.SUCCEEDED


def test_a_reminder_leaves_a_notification(aws: Aws) -> None:
    reminder = DUE - timedelta(minutes=60)
    bootstrap.task_repository().add(example_task(due_at=DUE, remind_before=(60,)))
    step("remind", at=format_timestamp(reminder))
    (note,) = aws.items("NOTE#")
    assert note["title"]["S"] == "Write the essay"
    kept = timedelta(seconds=int(note["expiresAt"]["N"])) - (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC))
    assert timedelta(days=13) < kept <= timedelta(days=14)


def test_a_reminder_fails_by_its_own_setting_alone_and_names_it_to_the_operators(aws: Aws) -> None:
    bootstrap.task_repository().add(example_task(due_at=DUE, remind_before=(60,)))
    reminder = format_timestamp(DUE - timedelta(minutes=60))
    set_settings(deletedTaskRetentionDays=30, notificationRetentionDays=0)
    with pytest.raises(InvalidSettingError, match="/taskbell/test/settings: notificationRetentionDays"):
        step("remind", at=reminder)
    set_settings(deletedTaskRetentionDays=0, notificationRetentionDays=14)
    step("remind", at=reminder)
    assert len(aws.items("NOTE#")) == 1


def test_a_run_of_another_schedule_leaves(aws: Aws) -> None:
    bootstrap.task_repository().add(example_task())
    assert step("accept", scheduleVersion=2) == {"next": "leave"}


def test_the_owner_reads_that_a_step_failed_and_nothing_of_what_only_operators_understand(
    aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    bootstrap.task_repository().add(example_task())
    step("recordFailure", error={"Error": "ClientError", "Cause": '{"errorMessage": "arn:aws:secret"}'})
    task = bootstrap.task_repository().get("ada", "essay")
    assert task
    assert task.processing.error == FAILURE_MESSAGE
    assert "ClientError" not in FAILURE_MESSAGE
    assert [vars(record)["error"] for record in caplog.records if record.message == "A run has failed."] == [
        "ClientError"
    ]


@pytest.mark.parametrize("wrong", [{"step": "dance"}, {"step": "plan", "at": "soon"}, {"step": None}])
def test_an_invalid_step_is_rejected(aws: Aws, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        handler(RUN | wrong, CONTEXT)
