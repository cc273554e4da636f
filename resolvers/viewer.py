"""Resolvers about the caller: settings, statistics."""

from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.arguments import OwnerArguments
from resolvers.dispatch import current_caller, readable_owner
from resolvers.inputs import UpdateViewerInput
from resolvers.responses import user_errors
from resolvers.selection import only_selected, selection_of
from taskbell import bootstrap
from taskbell.api.global_ids import viewer_id
from taskbell.api.identity import Caller
from taskbell.application.profile_changes import update_profile
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import TaskError
from taskbell.domain.profile import Profile
from taskbell.domain.task import TaskStatus

reads = Router()
writes = Router()

_SETTINGS = ("timeZone", "defaultReminders", "quietHours")


@reads.resolver(type_name="Query", field_name="viewer")
@only_selected(reads)
def viewer() -> Document:
    """Return the caller; settings are read only if they are selected."""
    caller = current_caller(reads)
    profile = bootstrap.profiles().get(caller.id) if selection_of(reads).has(*_SETTINGS) else Profile(caller.id)
    return viewer_document(caller, profile)


@reads.resolver(type_name="Query", field_name="taskStats")
@only_selected(reads)
def task_stats(**arguments: Any) -> Document:
    """Return an owner's statistics."""
    owner_id = readable_owner(reads, OwnerArguments.model_validate(arguments).owner_id)
    counts = bootstrap.statistics().get(owner_id)
    today = bootstrap.now().astimezone(bootstrap.profiles().get(owner_id).zone).date()
    return {
        "pending": counts.count(TaskStatus.PENDING),
        "inProgress": counts.count(TaskStatus.IN_PROGRESS),
        "completed": counts.count(TaskStatus.COMPLETED),
        "overdue": counts.overdue,
        "completedThisWeek": counts.completed_in_week_of(today),
        "streakDays": counts.streak(today),
    }


@writes.resolver(type_name="Mutation", field_name="updateViewer")
@only_selected(writes)
def update_viewer(**arguments: Any) -> Document:
    """Change the caller's settings."""
    caller = current_caller(writes)

    def change() -> Document:
        args = UpdateViewerInput.model_validate(arguments.get("input"))
        mutation = args.mutation(bootstrap.now())
        profile = update_profile(bootstrap.profiles(), caller.id, args.changed, mutation)
        return viewer_document(caller, profile)

    try:
        return {"viewer": change(), "errors": []}
    except (TaskError, ValidationError) as error:
        return {"viewer": None, "errors": user_errors(error)}


def viewer_document(caller: Caller, profile: Profile) -> Document:
    """Return a `Viewer`."""
    hours = profile.quiet_hours
    return {
        "id": viewer_id(caller.id),
        "ownerId": caller.id,
        "name": caller.name,
        "groups": list(caller.groups),
        "timeZone": profile.time_zone,
        "defaultReminders": list(profile.default_reminders),
        "quietHours": {"from": f"{hours.start:%H:%M}", "to": f"{hours.end:%H:%M}"} if hours else None,
    }
