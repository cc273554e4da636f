"""Executes a step of the state machine TaskLifecycle, which infrastructure/task_lifecycle.asl.yml defines."""

from datetime import datetime, timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from taskbell import bootstrap
from taskbell.application.workflow_steps import Step, StepContext, WorkflowRun, execute_step
from taskbell.domain.lifecycle import Finish, Plan, Superseded, Wait
from taskbell.domain.timestamps import format_timestamp

logger = Logger()


# What the owner reads; the log and the dead letter have the error itself.
FAILURE_MESSAGE = (
    "Something went wrong on our side, and this task may not be reminded of or marked as overdue. "
    "The operators have the details."
)


class Failure(BaseModel):
    """An error as Step Functions catches it; the dead letter has its cause with the stack trace."""

    name: str = Field(alias="Error")


class StepInput(BaseModel):
    """The input of the state machine's tasks.

    `at` is when the timer was due; `error` is the error of a failed run.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

    step: Step
    owner_id: str
    task_id: str
    schedule_version: int
    at: AwareDatetime | None = None
    error: Failure | None = None


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:  # noqa: ARG001
    """Handle an event of the Lambda function advanceTask: return what the run does next."""
    step_input = StepInput.model_validate(event)
    run = WorkflowRun(step_input.owner_id, step_input.task_id, step_input.schedule_version)
    now = bootstrap.now()
    if step_input.error:
        logger.error("A run has failed.", owner_id=run.owner_id, task_id=run.task_id, error=step_input.error.name)
    step_context = StepContext(now, step_input.at, FAILURE_MESSAGE, _expiry(step_input.step, now))
    tasks, notifications, profiles = bootstrap.task_repository(), bootstrap.notifications(), bootstrap.profiles()
    return _to_response(execute_step(step_input.step, run, step_context, tasks, notifications, profiles=profiles))


def _expiry(step: Step, now: datetime) -> datetime | None:
    """Return when a notification of this step expires; None if the step sends none."""
    return now + bootstrap.settings().notification_retention() if step is Step.REMIND else None


def _whole_second(at: datetime) -> str:
    """Return the end of the wait: Step Functions cuts it to whole seconds, and must not be early."""
    return format_timestamp((at + timedelta(milliseconds=999)).replace(microsecond=0))


def _to_response(plan: Plan) -> dict[str, str]:
    match plan:
        case Wait(at, action):
            return {"next": "wait", "at": format_timestamp(at), "until": _whole_second(at), "moment": action.value}
        case Finish():
            return {"next": "finish"}
        case Superseded():
            return {"next": "leave"}
