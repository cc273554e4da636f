"""Shows dead letters to admins and puts them back on the road: a function of its own, which no other caller reaches."""

from typing import Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from resolvers.dispatch import answer, caller, logger
from resolvers.inputs import FirstArguments, RedriveDeadLettersInput
from resolvers.responses import RequestRefused, refusals
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.redrive import Redriven, Redriving, look_through
from taskbell.application.serialization import Document
from taskbell.domain.dead_letters import DeadLetter
from taskbell.domain.exceptions import NotFound, TaskError, Unavailable
from taskbell.domain.timestamps import instant_text

app = AppSyncResolver()

MILLISECONDS_FOR_ONE = 10_000  # what one letter may take at the worst; the function and AppSync have less than 30 s
_MOST_AT_ONCE = 100


@app.resolver(type_name="Query", field_name="deadLetters")
def dead_letters(**arguments: Any) -> Document:
    """What the queues show, one after the other, and about how much more they have."""
    _admin()
    asked, lying = FirstArguments.model_validate(arguments), bootstrap.dead_letters()
    nodes: list[Document] = []
    unseen = 0
    for queue in lying.queues:
        letters, more = look_through(lying, queue, asked.most - len(nodes))
        nodes += map(_letter, letters)
        unseen += more
    return {"nodes": nodes, "unseen": unseen}


@app.resolver(type_name="Mutation", field_name="redriveDeadLetters")
def redrive_dead_letters(**arguments: Any) -> Document:
    """Redrives some letters or all, as far as the time goes; what was done is told even if SQS then stops answering."""
    who = _admin()
    redriving = Redriving(bootstrap.dead_letters(), bootstrap.ways_back(), run=uuid4().hex, may_go_on=_has_time)
    try:
        errors = [error for refusal in _redrive(redriving, arguments.get("input")) for error in refusals(refusal)]
    except (TaskError, ValidationError) as refusal:
        errors = refusals(refusal)
    for each in redriving.redriven:
        logger.info("A dead letter was tended.", by=who.id, letter=each.letter.id, became=each.outcome.value)
    return {"letters": [_redriven(each) for each in redriving.redriven], "remaining": _remaining(), "errors": errors}


def _redrive(redriving: Redriving, asked: object) -> list[TaskError]:
    """Do what is asked for; answers with what could not be done of it."""
    wanted = RedriveDeadLettersInput.model_validate(asked).wanted
    if wanted is None:
        redriving.all(redriving.dead_letters.queues, _MOST_AT_ONCE)
        return [_no_time("all")] if redriving.cut_short else []
    missing = redriving.some(wanted)
    places = [("ids", str(place)) for place, id_ in enumerate(wanted) if id_ in missing]
    if redriving.cut_short:
        return [_no_time(*place) for place in places]
    return [NotFound("No dead letter of this id is to be seen.", place) for place in places]


def _no_time(*field: str) -> TaskError:
    return Unavailable("There was no time left for it. Ask again.", field)


def _has_time() -> bool:
    assert app.lambda_context is not None  # it is there while a request is answered
    return app.lambda_context.get_remaining_time_in_millis() >= MILLISECONDS_FOR_ONE


def _remaining() -> int | None:
    lying = bootstrap.dead_letters()
    try:
        return sum(look_through(lying, queue, 0)[1] for queue in lying.queues)
    except Unavailable:
        return None


def _letter(letter: DeadLetter) -> Document:
    return {
        "id": letter.id,
        "queue": letter.queue,
        "kind": letter.kind.name,
        "ownerId": letter.owner_id,
        "taskId": letter.task_id,
        "sentAt": instant_text(letter.sent_at) if letter.sent_at else None,
        "cause": letter.cause,
        "receiveCount": letter.receives,
        "body": letter.body,
    }


def _redriven(redriven: Redriven) -> Document:
    if redriven.trouble:
        logger.warning("AWS did not do as it was told.", letter=redriven.letter.id, trouble=redriven.trouble)
    return {"letter": _letter(redriven.letter), "outcome": redriven.outcome.name, "detail": redriven.detail}


def _admin() -> Caller:
    """The caller, who is an admin: AppSync lets nobody else pass, and neither does this function."""
    who = caller(app)
    if not who.can_manage_dead_letters:
        raise RequestRefused("FORBIDDEN: Dead letters are for admins.")
    return who


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """The Lambda function manageDeadLetters."""
    return answer(app, event, context)
