"""What can be refused, as exceptions whose `code` is the contract and whose docstring is the message."""

from taskbell.domain.task import Task


class TaskError(Exception):
    """The request was refused."""

    code = "REFUSED"

    def __init__(self, message: str | None = None, field: tuple[str, ...] | None = None) -> None:
        """`field` is the path of the attribute of the command or query that is wrong; None for all of it."""
        self.message = message or (type(self).__doc__ or "")
        self.field = field
        super().__init__(self.message)


class ValidationFailed(TaskError):
    """The input is not valid."""

    code = "VALIDATION"


class NotFound(TaskError):
    """There is no such task."""

    code = "NOT_FOUND"


class LimitExceeded(TaskError):
    """That is more than may be asked for."""

    code = "LIMIT_EXCEEDED"


class Conflict(TaskError):
    """The task was changed in the meantime. Look at it again and repeat the change."""

    code = "CONFLICT"

    def __init__(self, task: Task | None, field: tuple[str, ...], message: str | None = None) -> None:
        super().__init__(message, field)
        self.task = task


class Unavailable(TaskError):
    """A service that is needed did not answer. Try again."""

    code = "UNAVAILABLE"


class WrongSetting(Unavailable):
    """A setting of the service is wrong, so this cannot be done now. Its operators can put that right."""

    def __init__(self, what: str) -> None:
        """`what` is for operators alone: the setting by its name, and what it must be."""
        super().__init__()
        self.what = what

    def __str__(self) -> str:
        return self.what
