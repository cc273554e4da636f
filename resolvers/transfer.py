"""Resolvers of export and import."""

from collections.abc import Iterable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import Field, StringConstraints, ValidationError

from resolvers.arguments import NotificationsArguments
from resolvers.dispatch import current_caller
from resolvers.inputs import Change, Input
from resolvers.responses import user_errors
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.api.exported_rows import COLUMNS, exported
from taskbell.api.field_types import INTEGER, TaskId
from taskbell.api.imported_rows import parse_part
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import InvalidInputError, TaskError
from taskbell.domain.timestamps import format_timestamp
from taskbell.domain.transfer import MAX_PARTS, ExportQuery, ImportedPart, RowError, TransferFormat

reads = Router()
writes = Router()

_MAX_SHOWN = 100
_Text = Annotated[str, StringConstraints(max_length=100)]


class _ExportArguments(NotificationsArguments):
    default_first = 100

    format: TransferFormat | None = None


class _ImportArguments(Input):
    import_id: TaskId


class _Column(Input):
    column: _Text
    field: _Text


class _ImportTasksInput(Change):
    import_id: TaskId
    part: Annotated[int, Field(ge=0, lt=MAX_PARTS, strict=True), INTEGER]
    format: TransferFormat
    content: Annotated[str, StringConstraints(max_length=500_000)]
    columns: Annotated[tuple[_Column, ...], Field(max_length=20)] | None = None

    @property
    def mapped(self) -> dict[str, str]:
        """The fields by the columns that have them. Raises InvalidInputError for a field that there is not."""
        for index, each in enumerate(self.columns or ()):
            if each.field not in COLUMNS:
                fields = ", ".join(COLUMNS)
                raise InvalidInputError(f"Must be one of {fields}.", ("columns", str(index), "field"))
        return {each.column: each.field for each in self.columns or ()}


@reads.resolver(type_name="Query", field_name="exportData")
@only_selected(reads)
def export_data(**arguments: Any) -> Document:
    """Return a page of all that the caller has."""
    args = _ExportArguments.model_validate(arguments)
    query = ExportQuery(current_caller(reads).id, args.format or TransferFormat.JSON)
    page = bootstrap.data_export().page(query, args.limit, args.after)
    content = exported(page, query.format, heading=args.after is None)
    return {"content": content, "exported": page.exported, "cursor": page.cursor, "hasMore": page.cursor is not None}


@reads.resolver(type_name="Query", field_name="taskImport")
@only_selected(reads)
def task_import(**arguments: Any) -> Document | None:
    """Return one of the caller's imports; None if no part of it is done."""
    args = _ImportArguments.model_validate(arguments)
    found = bootstrap.imports().get(current_caller(reads).id, args.import_id)
    if found is None:
        return None
    errors = [error for part in found.parts for error in _row_errors(part.number, part.errors)]
    return {
        "importId": found.id,
        "startedAt": format_timestamp(found.started_at),
        "partsDone": [part.number for part in found.parts],
        **{name: sum(getattr(part, name) for part in found.parts) for name in ("created", "existing", "skipped")},
        "failed": len(errors),
        "rowErrors": errors[:_MAX_SHOWN],
    }


@writes.resolver(type_name="Mutation", field_name="importTasks")
@only_selected(writes)
def import_tasks(**arguments: Any) -> Document:
    """Import a part of a file for the caller."""
    owner_id = current_caller(writes).id
    try:
        args = _ImportTasksInput.model_validate(arguments.get("input"))
        part = parse_part(args.content, args.format, args.mapped, owner_id)
        done = bootstrap.task_imports().take(owner_id, args.import_id, args.part, part)
        return {"part": _part(done), "errors": []}
    except (TaskError, ValidationError) as error:
        return {"part": None, "errors": user_errors(error)}


def _part(done: ImportedPart) -> Document:
    return {
        "part": done.number,
        "created": done.created,
        "existing": done.existing,
        "skipped": done.skipped,
        "failed": len(done.errors),
        "rowErrors": _row_errors(done.number, done.errors),
    }


def _row_errors(part: int, errors: Iterable[RowError]) -> list[Document]:
    return [
        {"part": part, "row": error.row, "code": error.code, "message": error.message, "field": error.field}
        for error in errors
    ]
