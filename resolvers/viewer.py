"""What concerns the caller rather than a task: settings, notifications, numbers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.dispatch import caller
from resolvers.inputs import HistoryArguments, MarkNotificationsReadInput, OwnerArguments, UpdateViewerInput
from resolvers.responses import connection, refusals
from taskbell import bootstrap
from taskbell.api.identity import Caller
from taskbell.application.serialization import Document, public_notification
from taskbell.domain.exceptions import TaskError
from taskbell.domain.lifecycle import Notification
from taskbell.domain.profile import Profile
from taskbell.domain.queries import NotificationQuery
from taskbell.domain.statistics import Statistics
from taskbell.domain.task import TaskStatus
from taskbell.domain.timestamps import format_timestamp

reads = Router()
writes = Router()

_SETTINGS = ("timeZone", "defaultReminders")
_COUNTED_UNREAD = 100


@reads.resolver(type_name="Query", field_name="viewer")
def viewer() -> Document:
    """Who is asking; their settings are read only if they are asked for."""
    who = caller(reads)
    profile = bootstrap.profiles().get(who.id) if _asked_for(*_SETTINGS) else Profile(who.id)
    return _viewer(who, profile)


@reads.resolver(type_name="Query", field_name="notifications")
def notifications(**arguments: Any) -> Document:
    """The caller's notifications; the unread ones are counted only if that is asked for."""
    asked = HistoryArguments.model_validate(arguments)
    who = caller(reads)
    seen_until = bootstrap.profiles().get(who.id).seen_until
    page = bootstrap.notifications().page(NotificationQuery(who.id), asked.most, asked.after)

    def node(notification: Notification) -> Document:
        read = seen_until is not None and notification.sent_at <= seen_until
        return public_notification(notification) | {"read": read}

    answer = connection(page, asked.after, node)
    if _asked_for("unreadCount"):
        answer["unreadCount"] = bootstrap.notifications().count_since(who.id, seen_until, _COUNTED_UNREAD)
    return answer


@reads.resolver(type_name="Query", field_name="taskStats")
def task_stats(**arguments: Any) -> Document:
    """An owner's tasks in numbers; all naught when they are not the caller's to see."""
    who = caller(reads)
    owner_id = OwnerArguments.model_validate(arguments).owner_id or who.id
    readable = who.may_read(owner_id)
    counts = bootstrap.statistics().get(owner_id) if readable else Statistics()
    today = datetime.now(bootstrap.profiles().get(owner_id).zone if readable else UTC).date()
    return {
        "pending": counts.count(TaskStatus.PENDING),
        "inProgress": counts.count(TaskStatus.IN_PROGRESS),
        "completed": counts.count(TaskStatus.COMPLETED),
        "overdue": counts.overdue,
        "completedThisWeek": counts.completed_in_week_of(today),
        "streakDays": counts.streak(today),
    }


@writes.resolver(type_name="Mutation", field_name="updateViewer")
def update_viewer(**arguments: Any) -> Document:
    """Changes the caller's settings."""
    who = caller(writes)

    def change() -> Document:
        asked = UpdateViewerInput.model_validate(arguments.get("input"))
        profile = asked.changed(bootstrap.profiles().get(who.id))
        bootstrap.profiles().save(profile)
        return _viewer(who, profile)

    return _answer("viewer", change)


@writes.resolver(type_name="Mutation", field_name="markNotificationsRead")
def mark_notifications_read(**arguments: Any) -> Document:
    """Marks the caller's notifications as read."""
    who = caller(writes)

    def change() -> str | None:
        asked = MarkNotificationsReadInput.model_validate(arguments.get("input"))
        until = min(asked.until, bootstrap.now())
        seen_until = bootstrap.profiles().mark_seen(who.id, until).seen_until
        return format_timestamp(seen_until) if seen_until else None

    return _answer("readUntil", change)


def _answer(name: str, change: Callable[[], object]) -> Document:
    try:
        return {name: change(), "errors": []}
    except (TaskError, ValidationError) as refusal:
        return {name: None, "errors": refusals(refusal)}


def _viewer(who: Caller, profile: Profile) -> Document:
    return {
        "id": who.id,
        "name": who.name,
        "groups": list(who.groups),
        "timeZone": profile.time_zone,
        "defaultReminders": list(profile.default_reminders),
    }


def _asked_for(*names: str) -> bool:
    """Whether one of the fields is selected, or may be.

    The list has what fragments select, too, but an aliased field by its alias alone; the text has it by its name, but
    not what is in a named fragment. Source: AWS AppSync Developer Guide, "Resolver context reference", Info.
    """
    info = reads.current_event.info if reads.current_event else None
    selected, text = (info.selection_set_list, info.selection_set_graphql or "") if info else ((), "")
    return any(name in selected or name in text for name in names) or "..." in text
