"""Resolves the pipeline's figures and traces of tasks, for admins: a function of its own, which may only read."""

from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.arguments import TaskArguments
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.pipeline_figures import pipeline_document, wanted_figures
from resolvers.responses import ForbiddenError
from resolvers.selection import only_selected, selection_of
from resolvers.trace_documents import trace_document
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.pipeline_status import read_pipeline
from taskbell.application.serialization import Document
from taskbell.application.task_trace import TraceLimits

app = AppSyncResolver()

_MAX_EVENTS = 100
_MAX_SCHEDULES = 10
_MAX_DEAD_LETTERS = 100


@app.resolver(type_name="Query", field_name="pipeline")
@only_selected(app)
def pipeline(**_: Any) -> Document:
    """Read the figures that are selected, and no others."""
    _require_admin()
    wanted = wanted_figures(selection_of(app))
    return pipeline_document(read_pipeline(bootstrap.pipeline_monitor(), wanted, bootstrap.now()))


@app.resolver(type_name="Query", field_name="taskTrace")
@only_selected(app)
def task_trace(**arguments: Any) -> Document | None:
    """Return the trace of a task; None if there is nothing of it. Dead letters are received only if selected."""
    admin = _require_admin()
    try:
        args = TaskArguments.model_validate(arguments)
    except ValidationError:
        return None
    owner_id = args.owner_id or args.id.owner_id or admin.id
    if args.id.owner_id not in {None, owner_id}:
        return None
    limits = TraceLimits(
        events=_MAX_EVENTS,
        schedules=_MAX_SCHEDULES,
        dead_letters=_MAX_DEAD_LETTERS,
        search_dead_letters=selection_of(app).has("deadLetters", "unseenDeadLetters"),
    )
    traced = bootstrap.task_tracer().trace(owner_id, args.id.name, limits)
    return trace_document(traced) if traced.found else None


def _require_admin() -> Caller:
    """Return the caller. Raises ForbiddenError for others than admins; AppSync admits no others."""
    caller = current_caller(app)
    if not caller.can_observe_pipeline:
        raise ForbiddenError("The pipeline is for admins to observe.")
    return caller


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function observePipeline."""
    return resolve(app, event, context)
