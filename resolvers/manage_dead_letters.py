"""Lists dead letters and redrives them, for admins: a function of its own, so that no other function has its rights."""

from collections.abc import Iterable
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.arguments import FirstArguments
from resolvers.dead_letter_documents import dead_letter_document
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.inputs import RedriveDeadLettersInput
from resolvers.responses import ForbiddenError, user_errors
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.redrive import DeadLetterRedriver, RedriveResult, list_dead_letters
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import NotFoundError, TaskError, UnavailableError

app = AppSyncResolver()

MILLISECONDS_FOR_ONE = 10_000  # the longest that one message can take; the function and AppSync have less than 30 s
_MAX_REDRIVEN = 100  # messages in one request


@app.resolver(type_name="Query", field_name="deadLetters")
@only_selected(app)
def dead_letters(**arguments: Any) -> Document:
    """The messages of all queues, queue by queue, and the approximate number of those not returned."""
    _require_admin()
    limit, queues = FirstArguments.model_validate(arguments).limit, bootstrap.dead_letter_queues()
    nodes: list[Document] = []
    unseen = 0
    for queue in queues.names:
        received, not_returned = list_dead_letters(queues, queue, limit - len(nodes))
        nodes += map(dead_letter_document, received)
        unseen += not_returned
    return {"nodes": nodes, "unseen": unseen}


@app.resolver(type_name="Mutation", field_name="redriveDeadLetters")
@only_selected(app)
def redrive_dead_letters(**arguments: Any) -> Document:
    """Redrive some messages or all, within the time left; the results so far are returned even if SQS then fails."""
    admin = _require_admin()
    queues, targets = bootstrap.dead_letter_queues(), bootstrap.redrive_targets()
    redriver = DeadLetterRedriver(queues, targets, redrive_id=bootstrap.new_id(), has_time=_has_time)
    errors = _errors(redriver, arguments.get("input"))
    _log(admin, redriver.results)
    return {"letters": [_redriven(result) for result in redriver.results], "remaining": _remaining(), "errors": errors}


def _errors(redriver: DeadLetterRedriver, input_: object) -> list[Document]:
    try:
        return [document for error in _redrive(redriver, input_) for document in user_errors(error)]
    except (TaskError, ValidationError) as error:
        return user_errors(error)


def _redrive(redriver: DeadLetterRedriver, input_: object) -> list[TaskError]:
    """Redrive what the input names; an error for each message that was not found or not reached in time."""
    ids = RedriveDeadLettersInput.model_validate(input_).selected_ids
    if ids is None:
        redriver.redrive_all(redriver.queues.names, _MAX_REDRIVEN)
        return [_no_time("all")] if redriver.timed_out else []
    missing = redriver.redrive(ids)
    paths = [("ids", str(index)) for index, id_ in enumerate(ids) if id_ in missing]
    if redriver.timed_out:
        return [_no_time(*path) for path in paths]
    return [NotFoundError("No dead letter with this id was found.", path) for path in paths]


def _no_time(*field: str) -> TaskError:
    return UnavailableError("There was no time left. Try again.", field)


def _has_time() -> bool:
    assert app.lambda_context is not None  # set while a request is handled
    return app.lambda_context.get_remaining_time_in_millis() >= MILLISECONDS_FOR_ONE


def _remaining() -> int | None:
    """The approximate number of messages in all queues; None if SQS does not answer."""
    queues = bootstrap.dead_letter_queues()
    try:
        return sum(list_dead_letters(queues, queue, 0)[1] for queue in queues.names)
    except UnavailableError:
        return None


def _log(admin: Caller, results: Iterable[RedriveResult]) -> None:
    for result in results:
        id_, outcome = result.dead_letter.id, result.outcome.value
        logger.info("A dead letter was redriven.", by=admin.id, dead_letter_id=id_, outcome=outcome)
        if result.error:
            logger.warning("An AWS call failed during a redrive.", dead_letter_id=id_, error=result.error)


def _redriven(result: RedriveResult) -> Document:
    return {"letter": dead_letter_document(result.dead_letter), "outcome": result.outcome.name, "detail": result.detail}


def _require_admin() -> Caller:
    """The caller. AppSync admits admins alone; checked here again.

    Raises:
        ForbiddenError: The caller is no admin.
    """
    caller = current_caller(app)
    if not caller.can_manage_dead_letters:
        raise ForbiddenError("Dead letters are for admins.")
    return caller


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function manageDeadLetters."""
    return resolve(app, event, context)
