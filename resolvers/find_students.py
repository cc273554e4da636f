"""Resolves the list of students, for staff: a function of its own, so that no other one can list users."""

from typing import Any, ClassVar

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from resolvers.arguments import FirstArguments
from resolvers.dispatch import current_caller, logger, resolve
from resolvers.responses import ForbiddenError, connection
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.api.field_types import StudentsCursor, UserNamePrefix
from taskbell.api.global_ids import student_id
from taskbell.application.serialization import Document
from taskbell.domain.students import Student, StudentQuery

app = AppSyncResolver()


class _StudentsArguments(FirstArguments):
    default_first: ClassVar[int] = 50

    search: UserNamePrefix | None = None
    after: StudentsCursor | None = None


@app.resolver(type_name="Query", field_name="students")
@only_selected(app)
def students(**arguments: Any) -> Document:
    """Return the students whose user names begin with a text.

    Raises:
        ForbiddenError: The caller is neither staff nor an admin. AppSync admits no others; checked here again.
    """
    if not current_caller(app).can_find_students:
        raise ForbiddenError("Students are for staff to find.")
    args = _StudentsArguments.model_validate(arguments)
    page = bootstrap.students().page(StudentQuery(args.search or ""), args.limit, args.after)
    return connection(page, args.after, _document)


def _document(student: Student) -> Document:
    return {"id": student_id(student.owner_id), "ownerId": student.owner_id, "name": student.name}


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function findStudents."""
    return resolve(app, event, context)
