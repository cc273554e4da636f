"""Types of the schema for export and import."""

import strawberry

from taskbell.domain.transfer import TransferFormat
from taskbell.graphql_schema.directives import PEOPLE, AWSDateTime
from taskbell.graphql_schema.inputs import repeatable
from taskbell.graphql_schema.types import ErrorCode, UserError, described

strawberry.enum(
    TransferFormat, description="JSON: a JSON object on each line (JSON Lines). CSV: RFC 4180, with a heading."
)


@strawberry.type(description="A page of an export.", directives=PEOPLE)
class DataExport:
    content: str = described(
        "The text of the page: the file is that of all pages, of which the first has CSV's heading."
    )
    exported: int = described("How many things there were with this page.")
    cursor: str | None = described("`after` of the next page, also after an interruption; null at the end.")
    has_more: bool = described("Whether there are more.")


@strawberry.type(description="Why a row was not imported.", directives=PEOPLE)
class ImportRowError:
    part: int = described("The part.")
    row: int = described("Its number in the part, from 1, without the heading.")
    code: ErrorCode = described("For programs. NOT_FOUND: its parent is not there yet; send the part again.")
    message: str = described("For users.")
    field: str | None = described("The field that is not valid, if it is one.")


@strawberry.type(description="What became of a part of an import.", directives=PEOPLE)
class ImportedPart:
    part: int = described("Its number.")
    created: int = described("How many tasks it has created.")
    existing: int = described("How many rows were tasks that were there.")
    skipped: int = described("How many rows are deleted tasks, or none at all.")
    failed: int = described("How many rows were not imported.")
    row_errors: list[ImportRowError] = described("Why, one for each of them.")


@strawberry.type(description="An import by the parts that are done; kept for a month.", directives=PEOPLE)
class TaskImport:
    import_id: strawberry.ID = described("The client's id of the import.")
    started_at: AWSDateTime = described("When its first part was done.")
    parts_done: list[int] = described("The numbers of the parts that are done: send the others.")
    created: int = described("How many tasks they have created.")
    existing: int = described("How many rows were tasks that were there.")
    skipped: int = described("How many rows are deleted tasks, or none at all.")
    failed: int = described("How many rows were not imported.")
    row_errors: list[ImportRowError] = described("Why: the first 100.")


@strawberry.type(description="The result of importing a part.", directives=PEOPLE)
class ImportTasksPayload:
    part: ImportedPart | None = described("What became of the part; null if it was refused as a whole.")
    errors: list[UserError] = described("Why the part was refused as a whole; `rowErrors` has those of single rows.")


@strawberry.input(description="Which field a column of CSV has.")
class ImportColumnInput:
    column: str = described("The column's heading, whatever its case: `CONTENT`.")
    field: str = described("The field, as the export has it: `title`.")


@strawberry.input(description="A part of a file to import.")
class ImportTasksInput:
    import_id: strawberry.ID = described("The client's own id of the import, `[A-Za-z0-9_-]{1,64}`.")
    part: int = described("The number of the part, 0 to 999.")
    format: TransferFormat = described("Its format.")
    content: str = described("At most 100 rows and 500,000 characters; each part of CSV begins with the heading.")
    columns: list[ImportColumnInput] | None = described("Of CSV of another planner: its columns. At most 20.")
    client_mutation_id: strawberry.ID | None = repeatable()
