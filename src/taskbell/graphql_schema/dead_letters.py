"""The GraphQL types of dead letters and their redrive, for admins."""

import strawberry

from taskbell.domain.dead_letters import DeadLetterKind, RedriveOutcome
from taskbell.graphql_schema.directives import ADMINS, AWSDateTime
from taskbell.graphql_schema.types import UserError, described

strawberry.enum(
    DeadLetterKind,
    name="DeadLetterKind",
    description="What failed. EVENT: handling an event; EXECUTION: an execution of the workflow; CHANGES: forwarding "
    "records of the table's stream; UNKNOWN: the message cannot be parsed.",
)
strawberry.enum(
    RedriveOutcome,
    name="RedriveOutcome",
    description="The outcome of redriving a dead letter. SENT: sent to the event queue again; STARTED: restarted as a "
    "new execution; FORWARDED: passed to its function again; KEPT: left in its queue.",
)


@strawberry.type(description="A message that could not be processed.", directives=ADMINS)
class DeadLetter:
    id: strawberry.ID = described("The message id. A redriven message that fails again has a new one.")
    queue: str = described("The queue that it is in: TaskEventsDeadLetters or UnforwardedChanges.")
    kind: DeadLetterKind = described("What failed.")
    owner_id: strawberry.ID | None = described("The owner of the task; null if the message does not say.")
    task_id: strawberry.ID | None = described("The task; null if the message does not say.")
    sent_at: AWSDateTime | None = described("When it was sent to the queue.")
    cause: str | None = described("Why it failed; null if unknown.")
    receive_count: int = described("How often it was received; each read counts.")
    body: str = described("The message body as it was sent, usually JSON; up to about 100 KB for an event.")


@strawberry.type(description="The dead letters that the queues return now.", directives=ADMINS)
class DeadLetters:
    nodes: list[DeadLetter] = described("The dead letters, queue by queue, the oldest of each task first.")
    unseen: int = described(
        "The approximate number of others: beyond `first`, beyond ten of the same task, or hidden while somebody else "
        "reads them."
    )


@strawberry.input(description="The dead letters to redrive: either `ids` or `all`.")
class RedriveDeadLettersInput:
    ids: list[strawberry.ID] | None = described("The ids of 1 to 25 dead letters.")
    all: bool | None = described("True for all that the queues return, at most 100 in one call.")


@strawberry.type(description="A dead letter and the outcome of its redrive.", directives=ADMINS)
class RedrivenLetter:
    letter: DeadLetter = described("The dead letter as it was received.")
    outcome: RedriveOutcome = described("The outcome.")
    detail: str = described("Details of the outcome, or why the message was kept.")


@strawberry.type(description="The result of a redrive.", directives=ADMINS)
class RedrivePayload:
    letters: list[RedrivenLetter] = described(
        "The dead letters that were found, in the order in which they were redriven."
    )
    remaining: int | None = described("The approximate number of dead letters left; null if the queues do not answer.")
    errors: list[UserError] = described(
        "Empty if every requested dead letter was found. NOT_FOUND: deleted, or hidden while somebody else reads it; "
        "UNAVAILABLE: there was no time left, try again."
    )
