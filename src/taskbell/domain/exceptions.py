"""Errors that callers may see. `code` is part of the API's contract; the docstring is the default message."""

from typing import TYPE_CHECKING

from taskbell.domain.task import Task

if TYPE_CHECKING:
    from taskbell.domain.task_list import TaskList


class TaskError(Exception):
    """The request failed."""

    code = "ERROR"

    def __init__(self, message: str | None = None, field: tuple[str, ...] | None = None) -> None:
        """Create an error.

        Args:
            message: What a caller reads; the class's docstring if left out.
            field: Path of the invalid attribute in the command or query, such as `("recurrence", "until")`.
        """
        self.message = message or (type(self).__doc__ or "")
        self.field = field
        super().__init__(self.message)


class InvalidInputError(TaskError):
    """The input is not valid."""

    code = "VALIDATION"


class NotFoundError(TaskError):
    """There is no such task."""

    code = "NOT_FOUND"


class LimitExceededError(TaskError):
    """A limit was exceeded."""

    code = "LIMIT_EXCEEDED"


class ConflictError(TaskError):
    """The task was changed in the meantime. Read it again and repeat the change."""

    code = "CONFLICT"

    def __init__(self, task: Task | None, field: tuple[str, ...], message: str | None = None) -> None:
        """Create an error with the task as it is stored, or None if it is deleted."""
        super().__init__(message, field)
        self.task = task


class ListConflictError(ConflictError):
    """The list was changed in the meantime. Read it again and repeat the change."""

    def __init__(self, task_list: "TaskList", field: tuple[str, ...] = ("expected_version",)) -> None:
        """Create an error with the list as it is stored."""
        super().__init__(None, field)
        self.task_list = task_list


class UnavailableError(TaskError):
    """A service that is needed did not answer. Try again."""

    code = "UNAVAILABLE"


class InvalidSettingError(UnavailableError):
    """A setting of the service is invalid. Its operators have to correct it."""

    def __init__(self, detail: str) -> None:
        """Create an error; `detail`, for operators only, names the setting and its valid values."""
        super().__init__()
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class MisconfigurationError(Exception):
    """The service lacks a permission or a resource, which its operators have to mend; the text is for them."""
