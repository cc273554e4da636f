"""Types of the schema for lists of tasks."""

import strawberry

from taskbell.domain.task_list import TasksOfDeletedList
from taskbell.graphql_schema.directives import PEOPLE, AWSDateTime
from taskbell.graphql_schema.inputs import rank, repeatable
from taskbell.graphql_schema.types import Node, UserError, described, identified, undo_token

strawberry.enum(
    TasksOfDeletedList,
    description="What becomes of the tasks of a list that is deleted: they stay, or are deleted as `deleteTask` does.",
)


@strawberry.type(description="A part of a list, such as a week of a course.", directives=PEOPLE)
class TaskListSection:
    id: strawberry.ID = described("Globally unique and opaque: `sectionId` of tasks.")
    name: str = described("1 to 100 characters.")


@strawberry.type(description="Numbers of a list's tasks, without subtasks and deleted ones.", directives=PEOPLE)
class TaskListCounts:
    pending: int = described("Tasks with status PENDING.")
    in_progress: int = described("Tasks with status IN_PROGRESS.")
    completed: int = described("Tasks with status COMPLETED.")


@strawberry.type(description="A list of tasks, such as those of a course.", directives=PEOPLE)
class TaskList(Node):
    id: strawberry.ID = identified("Globally unique and opaque.")
    owner_id: strawberry.ID = described("Owner id.")
    name: str = described("1 to 100 characters.")
    color: str | None = described("Six hexadecimal digits: #1a73e8.")
    rank: str = described("Its place among the owner's lists, which the owner drags: ranks sort as texts.")
    sections: list[TaskListSection] = described("Its sections, in their order.")
    archived_at: AWSDateTime | None = described("When it was archived; its tasks stay as they are.")
    created_at: AWSDateTime = described("When it was created.")
    updated_at: AWSDateTime = described("When it was last changed; its tasks do not matter.")
    version: int = described("Grows by one with every change.")
    counts: TaskListCounts | None = described("Its tasks by status; eventually consistent, within seconds.")


@strawberry.type(description="The result of a change of a list.", directives=PEOPLE)
class TaskListPayload:
    task_list: TaskList | None = described("The stored list, also with CONFLICT.")
    undo: str | None = undo_token()
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.type(description="The result of deleting a list.", directives=PEOPLE)
class DeleteTaskListPayload:
    deleted_list_id: strawberry.ID | None = described("The id of the list, if it is deleted.")
    changed_task_ids: list[strawberry.ID] = described(
        "The ids of the tasks that left the list or were deleted: at most 100."
    )
    has_more: bool = described("Whether there are more tasks, so that the list is not deleted yet: repeat the change.")
    undo: str | None = described(
        "Brings these tasks back with `undo`, within ten minutes, and the list with its last ones."
    )
    errors: list[UserError] = described("Empty if the change was made.")


@strawberry.input(description="A section of a list.")
class TaskListSectionInput:
    id: strawberry.ID | None = described("The id of a section that the list has; without one, it is new.")
    name: str = described("1 to 100 characters, after trimming white space.")


@strawberry.input(description="A new list.")
class CreateTaskListInput:
    name: str = described("1 to 100 characters, after trimming white space.")
    color: str | None = described("Six hexadecimal digits: #1a73e8.")
    rank: str | None = rank("Its place among the owner's lists; defaults to behind all others.")
    sections: list[TaskListSectionInput] | None = described("At most 30, in their order.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="New details of a list. Omitted fields stay unchanged.")
class UpdateTaskListInput:
    id: strawberry.ID = described("The list's id.")
    name: str | None = described("1 to 100 characters; cannot be cleared.")
    color: str | None = described("Six hexadecimal digits; null for none.")
    rank: str | None = rank("Another place among the owner's lists; cannot be cleared.")
    archived: bool | None = described("Whether it is archived.")
    sections: list[TaskListSectionInput] | None = described(
        "Replaces all sections. Tasks of one that is left out are in none, whatever their `sectionId`."
    )
    expected_version: int | None = described("CONFLICT if the list was changed after this version.")
    client_mutation_id: strawberry.ID | None = repeatable()


@strawberry.input(description="A list to delete.")
class DeleteTaskListInput:
    id: strawberry.ID = described("The list's id.")
    tasks: TasksOfDeletedList = described("What becomes of its tasks.")
    move_to_list_id: strawberry.ID | None = described(
        "KEEP only: the list that they come into; without one, into none."
    )
    client_mutation_id: strawberry.ID | None = repeatable()
