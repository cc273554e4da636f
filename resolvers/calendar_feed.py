"""Resolvers of the caller's calendar feed."""

from typing import Any

from aws_lambda_powertools.event_handler.graphql_appsync.router import Router
from pydantic import ValidationError

from resolvers.dispatch import current_caller
from resolvers.inputs import CalendarFeedInput
from resolvers.responses import user_errors
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.application.serialization import Document
from taskbell.domain.calendar_feed import CalendarFeed
from taskbell.domain.exceptions import TaskError
from taskbell.domain.timestamps import format_timestamp

reads = Router()
writes = Router()


@reads.resolver(type_name="Query", field_name="calendarFeed")
@only_selected(reads)
def calendar_feed() -> Document | None:
    """Return the caller's calendar feed; None if there is none."""
    return _document(*bootstrap.calendar_feeds().secret(current_caller(reads).id))


@writes.resolver(type_name="Mutation", field_name="renewCalendarFeed")
@only_selected(writes)
def renew_calendar_feed(**arguments: Any) -> Document:
    """Give the caller's calendar feed another address, or make it."""
    owner_id = current_caller(writes).id
    try:
        args = CalendarFeedInput.model_validate(arguments.get("input"))
        feed = bootstrap.calendar_feeds().renew(owner_id, args.mutation_of("renewCalendarFeed", bootstrap.now()))
        return {"calendarFeed": _document(*feed), "errors": []}
    except (TaskError, ValidationError) as error:
        return {"calendarFeed": None, "errors": user_errors(error)}


@writes.resolver(type_name="Mutation", field_name="disableCalendarFeed")
@only_selected(writes)
def disable_calendar_feed(**arguments: Any) -> Document:
    """Take the caller's calendar feed away."""
    owner_id = current_caller(writes).id
    try:
        args = CalendarFeedInput.model_validate(arguments.get("input"))
        bootstrap.calendar_feeds().disable(owner_id, args.mutation_of("disableCalendarFeed", bootstrap.now()))
        return {"calendarFeed": None, "errors": []}
    except (TaskError, ValidationError) as error:
        return {"calendarFeed": None, "errors": user_errors(error)}


def _document(feed: CalendarFeed, secret: str | None) -> Document | None:
    """Return a `CalendarFeed`."""
    if feed.created_at is None:
        return None
    url = f"{bootstrap.rest_url()}/calendar/{secret}.ics" if secret else None
    return {"url": url, "createdAt": format_timestamp(feed.created_at)}
