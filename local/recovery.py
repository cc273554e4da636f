"""What the local AWS recovers when it starts: said before it does, from the database that it last saved to."""

from datetime import datetime
from pathlib import Path

from local.ministack_patches.durability.database import (
    EXECUTIONS,
    FILE,
    ITEMS,
    MESSAGES,
    StateDatabase,
    StateFormatError,
)


def describe_recovery(folder: Path) -> str | None:
    """Return in one line what is recovered from the folder, or None if nothing was saved there.

    Raises StateFormatError for a folder of an earlier version, and leaves it as it is.
    """
    if not (folder / FILE).exists():
        if any(folder.glob("*.json")):
            raise StateFormatError(
                f"{folder} holds data of an earlier version of the local system, in a format that is no longer read. "
                "It was left as it is; remove the folder to begin without it."
            )
        return None
    database = StateDatabase(folder)
    try:
        return _describe(database)
    finally:
        database.close()


def _describe(database: StateDatabase) -> str | None:
    last = database.last_commit()
    if last is None:
        return None
    counts = (
        ("task", database.count(ITEMS, "|'TASK#")),
        ("message", database.count(MESSAGES)),
        ("workflow execution", database.count(EXECUTIONS)),
    )
    found = ", ".join(f"{count} {what}" + ("" if count == 1 else "s") for what, count in counts)
    at = datetime.fromtimestamp(last["at"]).astimezone()
    how = "" if last["orderly"] else ". It did not end in order: what was done in its last second may be missing"
    return f"Recovered {found}, as of {at:%Y-%m-%d %H:%M:%S}{how}"
