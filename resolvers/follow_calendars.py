"""Resolvers of subscribed calendars, in a function of their own: it alone fetches from addresses that people give."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import StringConstraints, ValidationError

from resolvers.dispatch import current_caller, logger, resolve
from resolvers.inputs import Change
from resolvers.responses import user_errors
from resolvers.selection import only_selected
from taskbell import bootstrap
from taskbell.api.field_types import Title
from taskbell.application.serialization import Document
from taskbell.domain.exceptions import TaskError
from taskbell.domain.subscribed_calendar import SubscribedCalendar, TasksOfCalendar
from taskbell.domain.timestamps import format_timestamp

app = AppSyncResolver()

MILLISECONDS_PER_TASK = 10_000  # worst case for one task and the end: timeouts and retries
_WEBCAL = "webcal://"


class _SubscribeInput(Change):
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    name: Title

    @property
    def address(self) -> str:
        """The address; `webcal` is what calendar apps call https."""
        is_webcal = self.url.lower().startswith(_WEBCAL)
        return f"https://{self.url[len(_WEBCAL) :]}" if is_webcal else self.url


class _RefreshInput(Change):
    calendar_id: Annotated[str, StringConstraints(max_length=64)]


class _UnsubscribeInput(_RefreshInput):
    tasks: TasksOfCalendar


@app.resolver(type_name="Query", field_name="subscribedCalendars")
@only_selected(app)
def subscribed_calendars() -> list[Document]:
    """Return the calendars that the caller subscribes to."""
    return list(map(_document, bootstrap.calendar_following().calendars.of_owner(current_caller(app).id)))


@app.resolver(type_name="Mutation", field_name="subscribeCalendar")
@only_selected(app)
def subscribe_calendar(**arguments: Any) -> Document:
    """Subscribe the caller to a calendar."""

    def subscribe(owner_id: str) -> SubscribedCalendar:
        args = _SubscribeInput.model_validate(arguments.get("input"))
        return bootstrap.calendar_following().subscribe(owner_id, args.address, args.name, _has_time)

    return _payload(subscribe)


@app.resolver(type_name="Mutation", field_name="refreshCalendar")
@only_selected(app)
def refresh_calendar(**arguments: Any) -> Document:
    """Fetch one of the caller's calendars."""

    def refresh(owner_id: str) -> SubscribedCalendar:
        args = _RefreshInput.model_validate(arguments.get("input"))
        return bootstrap.calendar_following().refresh(owner_id, args.calendar_id, _has_time)

    return _payload(refresh)


@app.resolver(type_name="Mutation", field_name="unsubscribeCalendar")
@only_selected(app)
def unsubscribe_calendar(**arguments: Any) -> Document:
    """End the caller's subscription to a calendar."""

    def unsubscribe(owner_id: str) -> SubscribedCalendar:
        args = _UnsubscribeInput.model_validate(arguments.get("input"))
        delete = args.tasks is TasksOfCalendar.DELETE
        following = bootstrap.calendar_following()
        return following.unsubscribe(owner_id, args.calendar_id, _has_time, delete_tasks=delete)

    return _payload(unsubscribe)


def _has_time() -> bool:
    assert app.lambda_context is not None  # set while a request is handled
    return app.lambda_context.get_remaining_time_in_millis() >= MILLISECONDS_PER_TASK


def _payload(change: Callable[[str], SubscribedCalendar]) -> Document:
    owner_id = current_caller(app).id
    try:
        return {"calendar": _document(change(owner_id)), "errors": []}
    except (TaskError, ValidationError) as error:
        return {"calendar": None, "errors": user_errors(error)}


def _document(calendar: SubscribedCalendar) -> Document:
    return {
        "calendarId": calendar.id,
        "url": calendar.url,
        "name": calendar.name,
        "createdAt": format_timestamp(calendar.created_at),
        "checkedAt": format_timestamp(calendar.checked_at) if calendar.checked_at else None,
        "events": calendar.events,
        "nextFetchAt": format_timestamp(calendar.next_fetch_at) if calendar.next_fetch_at else None,
        "failures": calendar.failures,
        "error": calendar.error,
    }


@logger.inject_lambda_context(correlation_id_path=correlation_paths.APPSYNC_RESOLVER)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle an event of the Lambda function followCalendars."""
    return resolve(app, event, context)
