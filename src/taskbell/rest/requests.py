"""Requests, validated and converted into commands and queries."""

import re
from enum import Enum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from taskbell.api.field_types import (
    ChangesCursor,
    Cursor,
    Days,
    Description,
    FilterLabel,
    First,
    OwnerId,
    Search,
    StrictBool,
    TaskId,
    Title,
    Version,
)
from taskbell.domain.commands import CreateTask, DeleteTask, SetTaskStatus
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.planning import DuePeriod
from taskbell.domain.queries import OrderDirection, TaskOrderField, TaskQuery
from taskbell.domain.search import search_terms
from taskbell.domain.task import TaskStatus


class Status(Enum):
    """The student's progress."""

    PENDING = "Pending"
    IN_PROGRESS = "In Progress"
    COMPLETED = "Completed"

    @property
    def task_status(self) -> TaskStatus:
        """The status in the domain."""
        return TaskStatus[self.name]


def _number(text: object) -> object:
    return int(text) if isinstance(text, str) and re.fullmatch("[0-9]{1,100}", text) else text


def _flag(text: object) -> object:
    return {"true": True, "false": False}.get(text) if isinstance(text, str) else text


Number = BeforeValidator(_number)  # values of a query string are strings
Flag = BeforeValidator(_flag)


class Input(BaseModel):
    """An input; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewTask(Input):
    """A task to create."""

    title: Title
    description: Description | None = None
    task_id: TaskId | None = Field(None, description="Optional id; makes the request idempotent.")

    def command(self, owner_id: str) -> CreateTask:
        """Return the command."""
        return CreateTask(owner_id, self.title, key=self.task_id, description=self.description)


class TaskToProcess(Input):
    """A task to create for the pipeline; without a title, its id is the title."""

    task_id: TaskId = Field(alias="taskID")
    title: Title | None = None

    def command(self, owner_id: str) -> CreateTask:
        """Return the command."""
        return CreateTask(owner_id, self.title or self.task_id, key=self.task_id)


class StatusChange(Input):
    """A new status of a task."""

    status: Status
    expected_version: Version | None = Field(
        None, description="Fail with 409 if the task was edited after this version."
    )

    def command(self, owner_id: str, task_id: str) -> SetTaskStatus:
        """Return the command."""
        return SetTaskStatus(owner_id, task_id, self.status.task_status, self.expected_version)


class Deletion(Input):
    """Query parameters of a deletion."""

    expected_version: Annotated[Version, Number] | None = Field(
        None, description="Fail with 409 if the task was edited after this version."
    )

    def command(self, owner_id: str, task_id: str) -> DeleteTask:
        """Return the command."""
        return DeleteTask(owner_id, task_id, self.expected_version)


class OneTask(Input):
    """Query parameters of one task."""

    owner_id: OwnerId | None = Field(
        None, description="Owner id; defaults to the caller. Staff and admins may use any."
    )


class ListOfTasks(OneTask):
    """Query parameters of a list of tasks, newest first by default."""

    status: Status | None = Field(None, description="Only tasks with this status.")
    search: Search | None = Field(
        None,
        description="Only tasks and subtasks whose title or description has all of these words, each as the beginning "
        "of one, ignoring case, accents and hyphens; blank, it finds everything.",
    )
    label: FilterLabel | None = Field(None, description="Only tasks with this label, ignoring case.")
    due: DuePeriod | None = Field(
        None,
        description="Only tasks and subtasks due in this period, by the days of the owner's time zone; instead of "
        "`has_due_date`. By default ordered by due date.",
    )
    days: Annotated[Days, Number] | None = Field(
        None, description="With `due=UPCOMING`: the number of days after today; defaults to 7."
    )
    has_due_date: Annotated[StrictBool, Flag] | None = Field(
        None, description="Only tasks with a due date, or only those without."
    )
    order_by: TaskOrderField | None = Field(
        None, description="Field that the list is ordered by: CREATED_AT by default, DUE_AT with `due`."
    )
    direction: OrderDirection | None = Field(
        None, description="Direction of the order: DESC by default, ASC with `due`."
    )
    first: Annotated[First, Number] = Field(50, description="Maximum number of tasks.")
    after: Cursor | None = Field(None, description="`next` of the previous page.")
    since: ChangesCursor | None = Field(
        None,
        description="`cursor` of the previous answer: returns what has changed since then instead of a page; "
        "everything if it is empty. Can be combined with `first` and `owner_id` only.",
    )

    def query(self, owner_id: str) -> TaskQuery:
        """Return the query, of tasks due at any time. Raises InvalidInputError if parameters cannot be combined."""
        if self.days is not None and self.due is not DuePeriod.UPCOMING:
            raise InvalidInputError("Valid with `due=UPCOMING` only.", ("days",))
        if self.has_due_date is not None and self.due:
            raise InvalidInputError("Cannot be combined with `due`.", ("has_due_date",))
        terms = search_terms(self.search or "")
        return TaskQuery(
            owner_id,
            statuses=(self.status.task_status,) if self.status else None,
            order_by=self.order_by or (TaskOrderField.DUE_AT if self.due else TaskOrderField.CREATED_AT),
            direction=self.direction or (OrderDirection.ASC if self.due else OrderDirection.DESC),
            labels_all=(self.label,) if self.label else (),
            has_due_date=self.has_due_date,
            search=terms,
            with_subtasks=bool(terms or self.due),
        )
