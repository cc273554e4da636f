"""Takes one step of the workflow TaskLifecycle; infrastructure/task_lifecycle.asl.yml says which step follows which."""

from datetime import datetime
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


# What the task's owner reads; which error it was stays in the log and with the dead letter.
FAILED = (
    "Something went wrong on our side, and this task may not be reminded of or marked as overdue. "
    "The operators have the details."
)


class Failure(BaseModel):
    """An error as Step Functions catches it; the cause, with its stack trace, stays with the dead letter."""

    name: str = Field(alias="Error")


class StepInput(BaseModel):
    """What the workflow passes: which run takes which step; `at` is the moment that has come, `error` a failure."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

    step: Step
    owner_id: str
    task_id: str
    schedule_version: int
    at: AwareDatetime | None = None
    error: Failure | None = None


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:  # noqa: ARG001
    """The Lambda function advanceTask: answers with what the run does next."""
    asked = StepInput.model_validate(event)
    run = WorkflowRun(asked.owner_id, asked.task_id, asked.schedule_version)
    now = bootstrap.now()
    if asked.error:
        logger.error("A run is given up.", owner_id=run.owner_id, task_id=run.task_id, error=asked.error.name)
    occasion = StepContext(now, asked.at, FAILED, _expiry(asked.step, now))
    return _answer(execute_step(asked.step, run, occasion, bootstrap.task_repository()))


def _expiry(step: Step, now: datetime) -> datetime | None:
    """When a notification that the step leaves is forgotten."""
    return now + bootstrap.settings().notification_retention() if step is Step.REMIND else None


def _answer(plan: Plan) -> dict[str, str]:
    match plan:
        case Wait(at, action):
            return {"next": "wait", "at": format_timestamp(at), "moment": action.value}
        case Finish():
            return {"next": "finish"}
        case Superseded():
            return {"next": "leave"}
