"""Type of the schema for what is taken back."""

import strawberry

from taskbell.graphql_schema.directives import PEOPLE
from taskbell.graphql_schema.task_lists import TaskList
from taskbell.graphql_schema.types import Notification, Task, UserError, described


@strawberry.type(description="The result of taking a change back: of a task, or of a notification.", directives=PEOPLE)
class UndoPayload:
    task: Task | None = described("The stored task, also with CONFLICT; null if there is none.")
    next: Task | None = described("The next occurrence that the task has again, if it was completed or skipped.")
    notification: Notification | None = described("The notification that is unread, or in the list again.")
    task_list: TaskList | None = described("The list as it was; null if it was not there.")
    undo: str | None = described("Makes the change of a task again with `undo`, within ten minutes.")
    errors: list[UserError] = described("Empty if the change was taken back.")
