"""Queries, mutations and subscriptions of the schema."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from taskbell.domain.events import TaskEventType
from taskbell.domain.task import TaskStatus
from taskbell.domain.transfer import TransferFormat
from taskbell.graphql_schema.dead_letters import DeadLetters, RedriveDeadLettersInput, RedrivePayload
from taskbell.graphql_schema.directives import ADMINS, PEOPLE, PIPELINE, STAFF, Subscribe
from taskbell.graphql_schema.inputs import (
    CreateTaskInput,
    DeleteLabelInput,
    DeleteTaskInput,
    DisableCalendarFeedInput,
    DismissNotificationsInput,
    EmptyTrashInput,
    MarkNotificationsReadInput,
    NotificationPushInput,
    PurgeTaskInput,
    ReadNotificationsInput,
    RenameLabelInput,
    RenewCalendarFeedInput,
    RestoreTaskInput,
    SetTaskStatusInput,
    SkipOccurrenceInput,
    SnoozeNotificationInput,
    TaskEventPayloadInput,
    TaskFilter,
    TaskOrder,
    UndoInput,
    UpdateTaskInput,
    UpdateViewerInput,
)
from taskbell.graphql_schema.pipeline import Pipeline, TaskTrace
from taskbell.graphql_schema.students import StudentConnection
from taskbell.graphql_schema.subscribed_calendars import (
    RefreshCalendarInput,
    SubscribeCalendarInput,
    SubscribedCalendar,
    SubscribedCalendarPayload,
    UnsubscribeCalendarInput,
)
from taskbell.graphql_schema.task_lists import (
    CreateTaskListInput,
    DeleteTaskListInput,
    DeleteTaskListPayload,
    TaskList,
    TaskListPayload,
    UpdateTaskListInput,
)
from taskbell.graphql_schema.transfer import DataExport, ImportTasksInput, ImportTasksPayload, TaskImport
from taskbell.graphql_schema.types import (
    After,
    CalendarFeed,
    CalendarFeedPayload,
    Changes,
    EmptyTrashPayload,
    First,
    Label,
    LabelPayload,
    Node,
    NotificationConnection,
    NotificationPush,
    NotificationsPayload,
    NotificationsReadPayload,
    PurgeTaskPayload,
    Task,
    TaskConnection,
    TaskEventConnection,
    TaskEventPayload,
    TaskPayload,
    TaskPermissions,
    TaskStats,
    Viewer,
    ViewerPayload,
)
from taskbell.graphql_schema.undo import UndoPayload

OwnerId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Owner id; defaults to the caller. Staff and admins may use any."),
]
TaskId = Annotated[strawberry.ID, strawberry.argument(description="The task's id, or its key among the owner's tasks.")]
NodeIds = Annotated[list[strawberry.ID], strawberry.argument(description="At most 100 ids.")]


@strawberry.type(description="Queries.")
class Query:
    @strawberry.field(
        description="What has an id; null if it does not exist, is deleted, or the caller may not read it.",
        directives=PEOPLE,
    )
    def node(self, id: Annotated[strawberry.ID, strawberry.argument(description="Any id.")]) -> Node | None: ...

    @strawberry.field(description="What has each of some ids, in their order, as `node` has it.", directives=PEOPLE)
    def nodes(self, ids: NodeIds) -> list[Node | None] | None: ...

    @strawberry.field(description="The caller.", directives=PEOPLE)
    def viewer(self) -> Viewer | None: ...

    @strawberry.field(description="A task; null if it does not exist or the caller may not read it.", directives=PEOPLE)
    def task(self, id: TaskId, owner_id: OwnerId = UNSET) -> Task | None: ...

    @strawberry.field(description="Tasks, newest first by default.", directives=PEOPLE)
    def tasks(
        self,
        owner_id: OwnerId = UNSET,
        filter: Annotated[TaskFilter | None, strawberry.argument(description="Filter; defaults to all tasks.")] = UNSET,
        order_by: Annotated[TaskOrder | None, strawberry.argument(description="Order.")] = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> TaskConnection | None: ...

    @strawberry.field(description="The lists of an owner, in the order that the owner drags.", directives=PEOPLE)
    def task_lists(
        self,
        owner_id: OwnerId = UNSET,
        include_archived: Annotated[
            bool | None, strawberry.argument(description="Whether archived ones are among them.")
        ] = False,
    ) -> list[TaskList] | None: ...

    @strawberry.field(description="The labels of an owner's tasks, by name.", directives=PEOPLE)
    def labels(self, owner_id: OwnerId = UNSET) -> list[Label] | None: ...

    @strawberry.field(
        description="The caller's deleted tasks that can be restored, the last deleted first. Subtasks that were "
        "deleted with their task come back and go with it; they are not in the list.",
        directives=PEOPLE,
    )
    def trash(self, first: First = 50, after: After = UNSET) -> TaskConnection | None: ...

    @strawberry.field(description="The events of an owner's tasks, or of one of them, newest first.", directives=PEOPLE)
    def activity(
        self,
        owner_id: OwnerId = UNSET,
        task_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only events of this task: id or key.")
        ] = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> TaskEventConnection | None: ...

    @strawberry.field(
        description="What has changed of an owner's tasks, lists and notifications since a client last asked; all "
        "without `since`. Notifications are only the caller's own.",
        directives=PEOPLE,
    )
    def changes(
        self,
        owner_id: OwnerId = UNSET,
        since: Annotated[
            str | None, strawberry.argument(description="The cursor of the page before, or of a push.")
        ] = UNSET,
        first: First = 100,
    ) -> Changes | None: ...

    @strawberry.field(description="The caller's notifications, newest first.", directives=PEOPLE)
    def notifications(self, first: First = 20, after: After = UNSET) -> NotificationConnection | None: ...

    @strawberry.field(description="The caller's calendar feed; null if there is none.", directives=PEOPLE)
    def calendar_feed(self) -> CalendarFeed | None: ...

    @strawberry.field(
        description="A page of all that the caller has: first lists, then tasks, subtasks, notifications, history and "
        "settings; as CSV only tasks.",
        directives=PEOPLE,
    )
    def export_data(
        self,
        format: Annotated[
            TransferFormat | None, strawberry.argument(description="JSON Lines or CSV.")
        ] = TransferFormat.JSON,
        first: First = 100,
        after: Annotated[str | None, strawberry.argument(description="The `cursor` of the page before.")] = UNSET,
    ) -> DataExport | None: ...

    @strawberry.field(
        description="An import of the caller by the parts that are done; null if none is.", directives=PEOPLE
    )
    def task_import(
        self, import_id: Annotated[strawberry.ID, strawberry.argument(description="The client's id of the import.")]
    ) -> TaskImport | None: ...

    @strawberry.field(description="The calendars that the caller subscribes to.", directives=PEOPLE)
    def subscribed_calendars(self) -> list[SubscribedCalendar] | None: ...

    @strawberry.field(description="Statistics of an owner's tasks.", directives=PEOPLE)
    def task_stats(self, owner_id: OwnerId = UNSET) -> TaskStats | None: ...

    @strawberry.field(description="What the caller may do with an owner's tasks.", directives=PEOPLE)
    def task_permissions(self, owner_id: OwnerId = UNSET) -> TaskPermissions | None: ...

    @strawberry.field(
        description="The students, in no particular order, whose tasks staff may read. A page may end early: go on "
        "while there is a next one.",
        directives=STAFF,
    )
    def students(
        self,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="The beginning of user names, at most 100 characters: as it is, in lower case, or "
                "capitalized. Defaults to all students."
            ),
        ] = UNSET,
        first: First = 50,
        after: After = UNSET,
    ) -> StudentConnection | None: ...

    @strawberry.field(
        description="The dead letters. The queues cannot be paged through: for more, use a larger `first`.",
        directives=ADMINS,
    )
    def dead_letters(self, first: First = 20) -> DeadLetters | None: ...

    @strawberry.field(
        description="The pipeline's figures. Select what is shown: each figure is a request to AWS, and those of "
        "CloudWatch, which change by the minute, are charged for.",
        directives=ADMINS,
    )
    def pipeline(self) -> Pipeline | None: ...

    @strawberry.field(
        description="What the pipeline has of anybody's task: null if there is nothing. Searching for dead letters "
        "takes seconds; they are searched for if they are selected.",
        directives=ADMINS,
    )
    def task_trace(self, id: TaskId, owner_id: OwnerId = UNSET) -> TaskTrace | None: ...


@strawberry.type(description="Mutations.")
class Mutation:
    @strawberry.mutation(description="Create a task.", directives=PEOPLE)
    def create_task(self, input: CreateTaskInput) -> TaskPayload: ...

    @strawberry.mutation(description="Change a task's details.", directives=PEOPLE)
    def update_task(self, input: UpdateTaskInput) -> TaskPayload: ...

    @strawberry.mutation(description="Change a task's status.", directives=PEOPLE)
    def set_task_status(self, input: SetTaskStatusInput) -> TaskPayload: ...

    @strawberry.mutation(
        description="Delete an occurrence of a recurring task; the next one takes its place.", directives=PEOPLE
    )
    def skip_occurrence(self, input: SkipOccurrenceInput) -> TaskPayload: ...

    @strawberry.mutation(description="Delete a task.", directives=PEOPLE)
    def delete_task(self, input: DeleteTaskInput) -> TaskPayload: ...

    @strawberry.mutation(
        description="Restore a deleted task, and the subtasks that were deleted with it.", directives=PEOPLE
    )
    def restore_task(self, input: RestoreTaskInput) -> TaskPayload: ...

    @strawberry.mutation(
        description="Create at most 25 tasks, one after another, with a payload for each.", directives=PEOPLE
    )
    def create_tasks(self, input: list[CreateTaskInput]) -> list[TaskPayload]: ...

    @strawberry.mutation(description="Change details of at most 25 tasks, with a payload for each.", directives=PEOPLE)
    def update_tasks(self, input: list[UpdateTaskInput]) -> list[TaskPayload]: ...

    @strawberry.mutation(
        description="Change the status of at most 25 tasks, with a payload for each.", directives=PEOPLE
    )
    def set_task_statuses(self, input: list[SetTaskStatusInput]) -> list[TaskPayload]: ...

    @strawberry.mutation(description="Delete at most 25 tasks, with a payload for each.", directives=PEOPLE)
    def delete_tasks(self, input: list[DeleteTaskInput]) -> list[TaskPayload]: ...

    @strawberry.mutation(description="Restore at most 25 deleted tasks, with a payload for each.", directives=PEOPLE)
    def restore_tasks(self, input: list[RestoreTaskInput]) -> list[TaskPayload]: ...

    @strawberry.mutation(
        description="Delete a deleted task for good, with its history, its notifications, and the subtasks that were "
        "deleted with it.",
        directives=PEOPLE,
    )
    def purge_task(self, input: PurgeTaskInput) -> PurgeTaskPayload: ...

    @strawberry.mutation(
        description="Delete at most 25 deleted tasks for good, with a payload for each.", directives=PEOPLE
    )
    def purge_tasks(self, input: list[PurgeTaskInput]) -> list[PurgeTaskPayload]: ...

    @strawberry.mutation(description="Delete all tasks of the trash for good, 100 at a time.", directives=PEOPLE)
    def empty_trash(self, input: EmptyTrashInput | None = UNSET) -> EmptyTrashPayload: ...

    @strawberry.mutation(
        description="Rename a label in all of the caller's tasks, 100 at a time; deleted ones keep it.",
        directives=PEOPLE,
    )
    def rename_label(self, input: RenameLabelInput) -> LabelPayload: ...

    @strawberry.mutation(
        description="Remove a label from all of the caller's tasks, 100 at a time; deleted ones keep it.",
        directives=PEOPLE,
    )
    def delete_label(self, input: DeleteLabelInput) -> LabelPayload: ...

    @strawberry.mutation(description="Create a list of tasks.", directives=PEOPLE)
    def create_task_list(self, input: CreateTaskListInput) -> TaskListPayload: ...

    @strawberry.mutation(
        description="Change a list: its name, colour, place, sections, or whether it is archived.", directives=PEOPLE
    )
    def update_task_list(self, input: UpdateTaskListInput) -> TaskListPayload: ...

    @strawberry.mutation(
        description="Delete a list and say what becomes of its tasks, 100 at a time; those in the trash stay there.",
        directives=PEOPLE,
    )
    def delete_task_list(self, input: DeleteTaskListInput) -> DeleteTaskListPayload: ...

    @strawberry.mutation(
        description="Take changes of tasks back, with a payload for each task, at most 100. CONFLICT if its owner has "
        "changed it since.",
        directives=PEOPLE,
    )
    def undo(self, input: UndoInput) -> list[UndoPayload]: ...

    @strawberry.mutation(description="Change the caller's settings.", directives=PEOPLE)
    def update_viewer(self, input: UpdateViewerInput) -> ViewerPayload: ...

    @strawberry.mutation(
        description="Make the caller's calendar feed, or give it another address: the one before is known no longer.",
        directives=PEOPLE,
    )
    def renew_calendar_feed(self, input: RenewCalendarFeedInput) -> CalendarFeedPayload: ...

    @strawberry.mutation(
        description="Subscribe to a calendar: its events become tasks. One that is subscribed to is answered.",
        directives=PEOPLE,
    )
    def subscribe_calendar(self, input: SubscribeCalendarInput) -> SubscribedCalendarPayload: ...

    @strawberry.mutation(
        description="Fetch a calendar, and follow what has changed; one of the last minute is answered as it is.",
        directives=PEOPLE,
    )
    def refresh_calendar(self, input: RefreshCalendarInput) -> SubscribedCalendarPayload: ...

    @strawberry.mutation(description="End the subscription to a calendar.", directives=PEOPLE)
    def unsubscribe_calendar(self, input: UnsubscribeCalendarInput) -> SubscribedCalendarPayload: ...

    @strawberry.mutation(
        description="Import a part of a file. A part that is sent again creates no second task.", directives=PEOPLE
    )
    def import_tasks(self, input: ImportTasksInput) -> ImportTasksPayload: ...

    @strawberry.mutation(description="Take the caller's calendar feed away.", directives=PEOPLE)
    def disable_calendar_feed(self, input: DisableCalendarFeedInput) -> CalendarFeedPayload: ...

    @strawberry.mutation(
        description="Mark all of the caller's notifications that were sent until a time as read.", directives=PEOPLE
    )
    def mark_notifications_read(self, input: MarkNotificationsReadInput) -> NotificationsReadPayload: ...

    @strawberry.mutation(description="Mark some of the caller's notifications as read.", directives=PEOPLE)
    def read_notifications(self, input: ReadNotificationsInput) -> NotificationsPayload: ...

    @strawberry.mutation(description="Dismiss some of the caller's notifications.", directives=PEOPLE)
    def dismiss_notifications(self, input: DismissNotificationsInput) -> NotificationsPayload: ...

    @strawberry.mutation(
        description="Dismiss a notification, and remind of its task again later; the task is open.", directives=PEOPLE
    )
    def snooze_notification(self, input: SnoozeNotificationInput) -> TaskPayload: ...

    @strawberry.mutation(description="Redrive dead letters, and delete them after that.", directives=ADMINS)
    def redrive_dead_letters(self, input: RedriveDeadLettersInput) -> RedrivePayload: ...

    @strawberry.mutation(description="Push an event to its subscribers; for the pipeline only.", directives=PIPELINE)
    def publish_task_event(self, event: TaskEventPayloadInput) -> TaskEventPayload | None: ...

    @strawberry.mutation(
        description="Push a notification to its owner's subscribers; for the pipeline only.", directives=PIPELINE
    )
    def publish_notification(self, event: NotificationPushInput) -> NotificationPush | None: ...


@strawberry.type(description="Subscriptions.")
class Subscription:
    @strawberry.field(
        description="Every change of an owner's tasks, as it happens. Add arguments to filter.",
        directives=[*PEOPLE, Subscribe(mutations=["publishTaskEvent"])],
    )
    def on_task_event(
        self,
        owner_id: Annotated[strawberry.ID, strawberry.argument(description="Owner id.")],
        task_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only the task of this id.")] = UNSET,
        list_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only tasks that are in this list, or leave it.")
        ] = UNSET,
        type: Annotated[TaskEventType | None, strawberry.argument(description="Only events of this type.")] = UNSET,
        status: Annotated[TaskStatus | None, strawberry.argument(description="Only tasks of this status.")] = UNSET,
    ) -> TaskEventPayload | None: ...

    @strawberry.field(
        description="The caller's own notifications: each when it is sent, and when it is read, dismissed or snoozed.",
        directives=[*PEOPLE, Subscribe(mutations=["publishNotification"])],
    )
    def on_notification(
        self, owner_id: Annotated[strawberry.ID, strawberry.argument(description="The caller's own id.")]
    ) -> NotificationPush | None: ...
