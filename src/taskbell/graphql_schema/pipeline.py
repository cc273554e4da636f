"""The GraphQL types of the pipeline's figures and of a task's trace, for admins."""

import strawberry

from taskbell.domain.pipeline import ExecutionStatus, UnknownReason
from taskbell.graphql_schema.dead_letters import DeadLetter
from taskbell.graphql_schema.directives import ADMINS, AWSDateTime
from taskbell.graphql_schema.types import FieldChange, Task, described

strawberry.enum(
    ExecutionStatus,
    name="ExecutionStatus",
    description="The status of an execution of the workflow, as Step Functions names it. RUNNING executions include "
    "those that wait for a reminder or a due date.",
)
strawberry.enum(
    UnknownReason,
    name="UnknownReason",
    description="Why a figure is null. NOT_MEASURED: CloudWatch has no value of late, because nothing happened or it "
    "is not known yet; UNAVAILABLE: AWS did not answer, try again.",
)


@strawberry.type(description="The table.", directives=ADMINS)
class PipelineTable:
    status: str | None = described("Its status, as DynamoDB names it: ACTIVE, UPDATING, ...")
    item_count: int | None = described("The number of its items, which DynamoDB counts about every six hours.")


@strawberry.type(description="A function that reads the table's stream.", directives=ADMINS)
class StreamReader:
    lag_seconds: float | None = described(
        "How old the last change was that it read, at most, within the last measured minute; of the last ten minutes."
    )
    measured_at: AWSDateTime | None = described("The beginning of that minute.")


@strawberry.type(description="A queue. The numbers are approximate, as SQS has them.", directives=ADMINS)
class PipelineQueue:
    visible: int | None = described("The messages that can be received.")
    in_flight: int | None = described("The messages that are being processed: received, and not deleted yet.")
    delayed: int | None = described("The messages that were sent with a delay, which has not ended.")
    oldest_age_seconds: float | None = described(
        "The age of the oldest message, at most, within the last measured minute; of the last ten minutes."
    )
    measured_at: AWSDateTime | None = described("The beginning of that minute.")


@strawberry.type(description="How many executions of the workflow have a status.", directives=ADMINS)
class ExecutionCount:
    status: ExecutionStatus = described("The status.")
    count: int | None = described("The number, of the last 90 days for those that have ended; at most 1,000.")
    at_least: bool | None = described("Whether there are more than were counted.")


@strawberry.type(description="What AppSync pushes to subscribers.", directives=ADMINS)
class PipelinePushes:
    delivered: int | None = described("The messages to subscribers within the last hour, one for each subscriber.")
    delivered_at: AWSDateTime | None = described("The beginning of the last minute with one.")
    subscriptions: int | None = described("The open subscriptions, in the last measured minute; of the last ten.")
    subscriptions_at: AWSDateTime | None = described("The beginning of that minute.")


@strawberry.type(description="A figure that is null, and why.", directives=ADMINS)
class UnknownFigure:
    figure: str = described("The path of its field: `taskEvents.visible`; for executions `executions.RUNNING`.")
    reason: UnknownReason = described("Why.")


@strawberry.type(
    description="The pipeline's figures. Each is read for this answer if it is selected; what is not known is null, "
    "and `unknown` says why.",
    directives=ADMINS,
)
class Pipeline:
    read_at: AWSDateTime = described("When the figures were read.")
    table: PipelineTable = described("The table of all items.")
    forward_changes: StreamReader = described("The function that makes events of the table's changes.")
    push_notifications: StreamReader = described("The function that pushes notifications.")
    task_events: PipelineQueue = described("The queue of events that are to be handled.")
    task_events_dead_letters: PipelineQueue = described("The dead letters of events and executions.")
    unforwarded_changes: PipelineQueue = described("The dead letters of stream records.")
    executions: list[ExecutionCount] = described("The executions of the workflow by status.")
    pushes: PipelinePushes = described("The pushes to subscribers.")
    unknown: list[UnknownFigure] = described("The selected figures that are null.")


@strawberry.type(
    description="An event of a task's history. Fields are null where the stored event is invalid.", directives=ADMINS
)
class TraceEvent:
    version: int | None = described("The version of the task after it.")
    at: AWSDateTime | None = described("When it happened.")
    type: str | None = described("What happened: a `TaskEventType`.")
    actor: str | None = described("Who did it; null for the pipeline.")
    status: str | None = described("The task's status after it.")
    previous_status: str | None = described("The status before it, if it changed.")
    processing: str = described("The processing state after it.")
    changes: list[FieldChange] = described("The changed fields.")


@strawberry.type(description="A state of the workflow that an execution entered.", directives=ADMINS)
class TraceState:
    name: str = described("The state's name.")
    entered_at: AWSDateTime = described("When it was entered.")
    left_at: AWSDateTime | None = described("When it was left; null while the execution is in it, or ended in it.")


@strawberry.type(description="An execution of the workflow for a schedule of a task.", directives=ADMINS)
class TraceExecution:
    name: str = described("Its name; one that was redriven ends with `_r2`, `_r3`, ...")
    arn: str = described("Its ARN.")
    schedule_version: int | None = described("The version of the task that set the schedule; null if unknown.")
    status: ExecutionStatus = described("Its status.")
    started_at: AWSDateTime = described("When it was started.")
    stopped_at: AWSDateTime | None = described("When it ended; null while it runs.")
    error: str | None = described("The error that it failed with.")
    cause: str | None = described("The cause of the failure, or why it was stopped.")
    states: list[TraceState] = described("The states that it entered, in their order.")


@strawberry.type(description="What the pipeline has of one task.", directives=ADMINS)
class TaskTrace:
    owner_id: strawberry.ID = described("The owner's id.")
    task_id: strawberry.ID = described("The task's id without its owner, as dead letters have it.")
    task: Task | None = described("The task, also a deleted one; null if there is none, or it is invalid.")
    invalid_item: str | None = described("The stored item as JSON, if it is no valid task.")
    schedule_version: int | None = described("The version of the task that set its schedule.")
    events: list[TraceEvent] = described("The last 100 events, in their order.")
    omitted_events: int = described("The number of earlier events, which `activity` lists.")
    executions: list[TraceExecution] = described(
        "The executions of the last 10 schedules, in their order, and those that dead letters tell of."
    )
    omitted_schedules: int = described("The number of earlier schedules, whose executions were not looked up.")
    dead_letters: list[DeadLetter] = described("The dead letters about it, of the first 100.")
    unseen_dead_letters: int = described("The approximate number of dead letters that could not be checked.")
