"""Export and import: in which format, page by page and part by part."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

MAX_ROWS = 100
MAX_PARTS = 1000


class TransferFormat(Enum):
    """The format of what is exported or imported."""

    JSON = "JSON"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Everything that an owner has, in a format."""

    owner_id: str
    format: TransferFormat


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not imported.

    Attributes:
        row: Its number in its part, from 1.
        field: The field that is not valid, if it is one.
    """

    row: int
    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class ImportedPart:
    """What became of a part.

    Attributes:
        digest: Hash of its content.
        created: How many tasks it has created.
        existing: How many rows were tasks that were there.
        skipped: How many rows are no tasks, or deleted ones.
        errors: Of the other rows.
    """

    number: int
    digest: str
    created: int
    existing: int
    skipped: int
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskImport:
    """An import by the parts that are done."""

    id: str
    started_at: datetime
    parts: tuple[ImportedPart, ...] = ()
