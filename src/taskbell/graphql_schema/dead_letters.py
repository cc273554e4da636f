"""Dead letters, for admins: the types that answers are made of, and what may be sent."""

import strawberry

from taskbell.domain.dead_letters import DeadLetterKind, RedriveOutcome
from taskbell.graphql_schema.directives import ADMINS, AWSDateTime
from taskbell.graphql_schema.types import UserError, described

strawberry.enum(
    DeadLetterKind,
    name="DeadLetterKind",
    description="Who gave up on a message. EVENT: handleEvents, or the queue; EXECUTION: the workflow; CHANGES: "
    "Lambda, which could not forward a stretch of the table's stream; UNKNOWN: this version makes no sense of it.",
)
strawberry.enum(
    RedriveOutcome,
    name="RedriveOutcome",
    description="What became of a dead letter. SENT to the queue of events again; STARTED as a new execution; "
    "FORWARDED by forwardChanges; KEPT where it was.",
)


@strawberry.type(description="A message that the pipeline gave up on.", directives=ADMINS)
class DeadLetter:
    id: strawberry.ID = described("The message's id; another one when the letter comes again after a redrive.")
    queue: str = described("Where it lies: TaskEventsDeadLetters or UnforwardedChanges.")
    kind: DeadLetterKind = described("Who gave up.")
    owner_id: strawberry.ID | None = described("Whose task it is about, as far as it tells.")
    task_id: strawberry.ID | None = described("Which task it is about, as far as it tells.")
    sent_at: AWSDateTime | None = described("Since when it lies there.")
    cause: str | None = described("Why; null when nobody has said.")
    receive_count: int = described("How often the queue has shown it; each look at it counts.")
    body: str = described("The whole message as it was sent, nearly always JSON; with an event, up to some 100 KB.")


@strawberry.type(description="What the queues of dead letters show at the moment.", directives=ADMINS)
class DeadLetters:
    nodes: list[DeadLetter] = described("The letters, queue by queue, the oldest of each task first.")
    unseen: int = described(
        "About how many more there are: behind `first`, behind ten others of the same task, or just being looked at by "
        "somebody else."
    )


@strawberry.input(description="Which dead letters to put back on the road: either `ids` or `all`.")
class RedriveDeadLettersInput:
    ids: list[strawberry.ID] | None = described("The ids of 1 to 25 letters.")
    all: bool | None = described("True for all that are shown, up to 100 in one call.")


@strawberry.type(description="A dead letter, and what became of it.", directives=ADMINS)
class RedrivenLetter:
    letter: DeadLetter = described("The letter as it was found.")
    outcome: RedriveOutcome = described("What became of it.")
    detail: str = described("How, or why not.")


@strawberry.type(description="What became of a redrive.", directives=ADMINS)
class RedrivePayload:
    letters: list[RedrivenLetter] = described("Each letter that was found, in the order in which they were taken up.")
    remaining: int | None = described("About how many dead letters there are now; null when the queues do not say.")
    errors: list[UserError] = described(
        "Empty when every letter that was asked for was found. NOT_FOUND: not shown now, gone or just being looked at; "
        "UNAVAILABLE: there was no time left, ask again."
    )
