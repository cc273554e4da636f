"""The only module of this suite that depends on the project's modules: when they move, it follows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from processors import (
    advance_task,
    fetch_calendars,
    forward_changes,
    handle_events,
    push_notifications,
    schedule_fetches,
)
from resolvers import (
    find_students,
    follow_calendars,
    manage_dead_letters,
    observe_pipeline,
    read_tasks,
    write_tasks,
)
from taskbell.bootstrap import provide
from taskbell.bootstrap import reset as forget_wiring
from taskbell.cli.app import app as taskbell
from taskbell.cli.stage import Stage
from taskbell.graphql_schema.schema import printed_schema
from taskbell.rest import app as rest_app
from taskbell.rest import calendar
from tests.support.table import begin_stream, create_table

__all__ = ["FUNCTIONS", "begin_stream", "create_table", "forget_wiring", "printed_schema", "provide", "taskbell"]

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMA = CHECKOUT / "schema.graphql"
SERVERLESS = CHECKOUT / "serverless.yml"

# The Lambda functions, by the names that this suite's golden files have for them.
FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "readTasks": read_tasks.handler,
    "writeTasks": write_tasks.handler,
    "manageDeadLetters": manage_dead_letters.handler,
    "observePipeline": observe_pipeline.handler,
    "findStudents": find_students.handler,
    "followCalendars": follow_calendars.handler,
    "scheduleFetches": schedule_fetches.handler,
    "fetchCalendars": fetch_calendars.handler,
    "serveRest": rest_app.handler,
    "serveCalendar": calendar.handler,
    "forwardChanges": forward_changes.handler,
    "handleEvents": handle_events.handler,
    "pushNotifications": push_notifications.handler,
    "advanceTask": advance_task.handler,
}


def stage(name: str, clients: Mapping[str, Any], outputs: Mapping[str, str]) -> Stage:
    """What `taskbell` works on, as its opener (the context's `obj`) finds it."""
    return Stage(name, clients.__getitem__, outputs, {"users": []} if name == "local" else None, wait_seconds=0)
