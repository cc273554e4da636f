"""Reads what is imported: JSON Lines or CSV, as the export writes them, or CSV of another planner by its columns."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from taskbell.api.error_messages import message_for
from taskbell.api.exported_rows import COLUMNS, FORMULA, LISTS
from taskbell.api.field_types import (
    Color,
    Description,
    DueDate,
    Instant,
    Labels,
    ListTitle,
    Rank,
    Reminders,
    ReminderTimes,
    StrictBool,
    TimeZone,
    Title,
)
from taskbell.application.imported_lists import ImportedList
from taskbell.application.task_import import ImportRow, ParsedPart
from taskbell.domain.commands import CreateTask
from taskbell.domain.exceptions import InvalidInputError
from taskbell.domain.recurrence import Recurrence
from taskbell.domain.rrule import RecurrenceError, parse_rrule
from taskbell.domain.task import Priority, TaskStatus
from taskbell.domain.task_list import MAX_SECTIONS
from taskbell.domain.transfer import MAX_ROWS, RowError, TransferFormat

_BY_NAME = {name.casefold(): name for name in COLUMNS}
_TEXTS = {"title", "description"}
_MAX_NAME = 200


class _Row(BaseModel):
    """A task of a part; what else its row says is ignored, so that an export of later versions can be read."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    id: str | None = None
    key: str | None = None
    parent_id: str | None = None
    title: Title
    description: Description | None = None
    status: TaskStatus | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    due_at: DueDate | None = None
    time_zone: TimeZone | None = None
    remind_before: Reminders | None = None
    remind_at: ReminderTimes | None = None
    rrule: str | None = None
    after_completion: StrictBool | None = None
    completed_at: Instant | None = None
    deleted_at: Instant | None = None
    list: ListTitle | None = None
    section: ListTitle | None = None
    rank: Rank | None = None

    def row(self, owner_id: str, number: int) -> ImportRow:
        """Return what is imported. Raises RecurrenceError if the rule is not valid."""
        command = CreateTask(
            owner_id,
            self.title,
            key=_name(self.key),
            description=self.description,
            priority=self.priority or Priority.NORMAL,
            labels=self.labels or (),
            status=self.status or TaskStatus.PENDING,
            due_at=self.due_at,
            time_zone=self.time_zone,
            remind_before=self.remind_before,
            remind_at=self.remind_at or (),
            recurrence=self._recurrence,
            parent_id=_name(self.parent_id),
            rank=self.rank,
        )
        completed_at: datetime | None = self.completed_at if command.status is TaskStatus.COMPLETED else None
        return ImportRow(number, command, _name(self.id), completed_at, self.list, self.section)

    @property
    def _recurrence(self) -> Recurrence | None:
        if not self.rrule or self.status is TaskStatus.COMPLETED:
            return None
        return parse_rrule(self.rrule, after_completion=bool(self.after_completion))


class _ListRow(BaseModel):
    """A list of a part."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    name: ListTitle
    color: Color | None = None
    rank: Rank | None = None
    sections: Annotated[tuple[ListTitle, ...], Field(max_length=MAX_SECTIONS)] = ()
    archived_at: Instant | None = None

    @property
    def imported(self) -> ImportedList:
        """The list for the use case."""
        return ImportedList(self.name, self.color, self.rank, self.sections, self.archived_at is not None)


def parse_part(content: str, format_: TransferFormat, columns: Mapping[str, str], owner_id: str) -> ParsedPart:
    """Return the rows of a part.

    Args:
        content: Lines of JSON, or CSV with its heading.
        format_: Which of the two.
        columns: Of CSV: which field a column of another name has.
        owner_id: Whose tasks they become.

    Raises:
        InvalidInputError: It is no such text, or has too many rows.
    """
    records = _json_lines(content) if format_ is TransferFormat.JSON else _csv_rows(content, columns)
    rows: list[ImportRow] = []
    errors: list[RowError] = []
    lists: list[ImportedList] = []
    skipped = 0
    for number, record in enumerate(records, 1):
        if number > MAX_ROWS:
            raise InvalidInputError(f"A part has at most {MAX_ROWS} rows.", ("content",))
        if record is None:
            continue
        if isinstance(record, dict) and record.get("__typename") == "TaskList":
            given = _parsed_list(record, number)
            skipped += isinstance(given, ImportedList)
            (lists if isinstance(given, ImportedList) else errors).append(given)  # type: ignore[arg-type]
            continue
        if isinstance(record, dict) and (record.get("__typename", "Task") != "Task" or record.get("deletedAt")):
            skipped += 1
            continue
        row = _parsed(record, owner_id, number)
        if isinstance(row, RowError):
            errors.append(row)
        else:
            rows.append(row)
    mapped = json.dumps(sorted(columns.items()))
    digest = sha256(f"{format_.value}\0{mapped}\0{content}".encode(errors="surrogatepass")).hexdigest()[:32]
    return ParsedPart(digest, tuple(rows), skipped, tuple(errors), tuple(lists))


def _parsed(record: object, owner_id: str, number: int) -> ImportRow | RowError:
    try:
        return _Row.model_validate(record).row(owner_id, number)
    except ValidationError as error:
        return _invalid(error, number)
    except RecurrenceError as error:
        return RowError(number, InvalidInputError.code, str(error), "rrule")


def _parsed_list(record: object, number: int) -> ImportedList | RowError:
    try:
        return _ListRow.model_validate(record).imported
    except ValidationError as error:
        return _invalid(error, number)


def _invalid(error: ValidationError, number: int) -> RowError:
    detail = error.errors(include_url=False)[0]
    field = ".".join(map(str, detail["loc"])) or None
    return RowError(number, InvalidInputError.code, message_for(detail), field)


def _json_lines(content: str) -> Iterator[object]:
    """Yield the values of lines, None for blank ones; a line that is no JSON is a value that no row has."""
    for line in content.rstrip().split("\n"):
        try:
            yield json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            yield line


def _csv_rows(content: str, columns: Mapping[str, str]) -> Iterator[object]:
    """Yield the rows as objects, None for blank ones. Raises InvalidInputError if it is no CSV, or has no title."""
    reader = csv.reader(io.StringIO(content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"), newline=""), strict=True)
    mapped = {column.strip().casefold(): field for column, field in columns.items()}
    try:
        heading = [name.strip().casefold() for name in next(reader, [])]
        fields = [mapped.get(name, _BY_NAME.get(name)) for name in heading]
        if "title" not in fields:
            raise InvalidInputError("Must begin with a heading that has `title`, or a column for it.", ("content",))
        for cells in reader:
            yield _record(fields, cells) if any(cell.strip() for cell in cells) else None
    except csv.Error as error:
        raise InvalidInputError(f"Is no CSV: {error}.", ("content",)) from None


def _record(fields: list[str | None], cells: list[str]) -> dict[str, Any]:
    given = [(name, cell) for name, cell in zip(fields, cells, strict=False) if name and cell]
    return {name: _value(name, cell) for name, cell in given if name in _TEXTS or cell.strip()}


def _value(name: str, cell: str) -> object:
    text = cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
    if name in LISTS:
        items = next(csv.reader([text], skipinitialspace=True), [])
        return [_number(item) for item in items] if name == "remindBefore" else items
    if name == "afterCompletion":
        return {"true": True, "false": False}.get(text.strip().casefold(), text)
    return text.strip().upper().replace(" ", "_") if name in {"status", "priority"} else text


def _number(text: str) -> object:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else text


def _name(text: str | None) -> str | None:
    """Return what a task is called: the last part of an id of the GraphQL API, or any other text, cut."""
    name = text.rpartition(":")[2] if text and text.startswith("Task:") else text
    return name.strip()[:_MAX_NAME] or None if name else None
