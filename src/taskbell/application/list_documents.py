"""Lists of tasks as JSON documents, as the table stores them."""

from collections.abc import Mapping
from typing import Any

from taskbell.application.document_fields import expiry, instant, optional_text, text
from taskbell.application.serialization import Document, receipts_from_list, receipts_to_list
from taskbell.domain.task_list import Section, TaskList, TasksOfDeletedList
from taskbell.domain.timestamps import format_timestamp, parse_timestamp


def list_to_dict(task_list: TaskList) -> Document:
    """Return all of a list."""
    archived_at, deleted_at, ends = task_list.archived_at, task_list.deleted_at, task_list.expires_at
    return {
        "id": task_list.id,
        "ownerId": task_list.owner_id,
        "name": task_list.name,
        "color": task_list.color,
        "rank": task_list.rank,
        "sections": [{"id": section.id, "name": section.name} for section in task_list.sections],
        "nextSection": task_list.next_section,
        "createdAt": format_timestamp(task_list.created_at),
        "updatedAt": format_timestamp(task_list.updated_at),
        "archivedAt": format_timestamp(archived_at) if archived_at else None,
        "deletedAt": format_timestamp(deleted_at) if deleted_at else None,
        "fate": task_list.fate.value if deleted_at else None,
        "movedTo": task_list.moved_to,
        "version": task_list.version,
        "receipts": receipts_to_list(task_list.receipts),
        "expiresAt": int(ends.timestamp()) if ends else None,
    }


def list_from_dict(document: Mapping[str, Any]) -> TaskList:
    """Return the list of a document by `list_to_dict`. Raises KeyError or ValueError for any other."""
    return TaskList(
        id=text(document, "id"),
        owner_id=text(document, "ownerId"),
        name=text(document, "name"),
        color=optional_text(document, "color"),
        rank=text(document, "rank"),
        sections=tuple(Section(text(each, "id"), text(each, "name")) for each in document["sections"]),
        next_section=int(document["nextSection"]),
        created_at=parse_timestamp(document["createdAt"]),
        updated_at=parse_timestamp(document["updatedAt"]),
        archived_at=instant(document.get("archivedAt")),
        deleted_at=instant(document.get("deletedAt")),
        fate=TasksOfDeletedList(document.get("fate") or TasksOfDeletedList.KEEP),
        moved_to=optional_text(document, "movedTo"),
        version=int(document["version"]),
        receipts=receipts_from_list(document.get("receipts")),
        expires_at=expiry(document.get("expiresAt")),
    )
