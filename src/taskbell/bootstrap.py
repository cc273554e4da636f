"""The composition root: creates the dependencies of the entry points, each once.

Only this module reads the environment.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from random import random
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID, uuid4

import boto3
import urllib3
from aws_lambda_powertools.utilities import parameters
from botocore.config import Config

from taskbell.adapters.appsync_publisher import AppSyncApi, AppSyncNotificationPublisher, AppSyncPublisher
from taskbell.adapters.dynamodb.attempts import DynamoDBAttempts
from taskbell.adapters.dynamodb.change_log import DynamoDBChangeLog, SignedPositions
from taskbell.adapters.dynamodb.cursors import CursorCodec
from taskbell.adapters.dynamodb.event_store import DynamoDBEventStore
from taskbell.adapters.dynamodb.labels import DynamoDBLabels
from taskbell.adapters.dynamodb.notifications import DynamoDBNotificationRepository
from taskbell.adapters.dynamodb.profiles import DynamoDBProfileRepository
from taskbell.adapters.dynamodb.statistics import DynamoDBStatisticsRepository
from taskbell.adapters.dynamodb.task_lists import DynamoDBTaskListRepository
from taskbell.adapters.dynamodb.task_repository import DynamoDBTaskRepository
from taskbell.adapters.dynamodb.things import DynamoDBThings
from taskbell.adapters.redrive_targets import AwsRedriveTargets
from taskbell.adapters.sqs_dead_letters import TASK_EVENTS_DEAD_LETTERS, UNFORWARDED_CHANGES, SqsDeadLetterQueues
from taskbell.adapters.sqs_event_queue import SqsEventQueue, SqsFailedMessages, SqsUnforwardedChanges
from taskbell.adapters.ssm_settings import SsmSettings
from taskbell.adapters.stepfunctions import StepFunctionsExecutions, StepFunctionsWorkflows
from taskbell.api.graphql_documents import notification_push_document, push_document
from taskbell.api.identity import READERS
from taskbell.api.undo_tokens import UndoTokens
from taskbell.application.change_feed import ChangeFeed
from taskbell.application.event_handlers import EventHandler
from taskbell.application.labels import LabelService
from taskbell.application.notification_changes import NotificationService
from taskbell.application.notification_pushes import NotificationPusher
from taskbell.application.ports import (
    Attempts,
    DeadLetterQueues,
    EventQueue,
    EventStore,
    FailedMessages,
    LabelRepository,
    NotificationRepository,
    ProfileRepository,
    RedriveTargets,
    SettingsSource,
    StatisticsRepository,
    TaskRepository,
    Things,
    UnforwardedChanges,
)
from taskbell.application.task_lists import TaskListRepository, TaskListService
from taskbell.application.task_service import TaskService
from taskbell.domain import ids
from taskbell.domain.timestamps import truncate_to_milliseconds

# Few functions need these: they are imported where they are created.
if TYPE_CHECKING:
    from taskbell.application.calendar_feeds import CalendarFeedReader, CalendarFeeds
    from taskbell.application.calendar_following import CalendarFollowing, CalendarSource
    from taskbell.application.data_export import DataExport
    from taskbell.application.pipeline_status import PipelineMonitor
    from taskbell.application.scheduled_fetches import ScheduledFetches
    from taskbell.application.students import StudentDirectory
    from taskbell.application.task_import import ImportRepository, TaskImports
    from taskbell.application.task_trace import TaskTracer

# Two attempts of three seconds each: the shortest function timeout is ten seconds.
# A fixed user agent saves a fifth of botocore's work per call (it builds its own for each).
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
    tcp_keepalive=True,
    user_agent="taskbell",
)
_WAITS_FOR_FUNCTIONS = _CONFIG.merge(Config(read_timeout=8, retries={"total_max_attempts": 1}))
_SECRET_CACHE_SECONDS = 3600
_CHECKOUT = Path(__file__).resolve().parents[2]

T = TypeVar("T")
_dependencies: dict[str, Any] = {}


def _once(create: Callable[[], T]) -> Callable[[], T]:
    """Create a dependency when it is first needed, unless `provide` gave another."""

    @wraps(create)
    def dependency() -> T:
        name = create.__name__
        if name not in _dependencies:
            _dependencies[name] = create()
        return cast("T", _dependencies[name])

    return dependency


def provide(**dependencies: Any) -> None:
    """Use these instead of what the functions of these names create, until `reset`; for a simulation."""
    _dependencies.update(dependencies)


def reset() -> None:
    """Forget all dependencies, so that a changed environment applies; for tests and tools."""
    _dependencies.clear()
    parameters.clear_caches()


@dataclass(frozen=True, slots=True)
class HttpApiSettings:
    """A stage's settings of the HTTP API: whether guests may use it, and whether its documentation is served."""

    guests_allowed: bool
    documentation_shown: bool


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Defaults of the command line: the local system's state folder, and a region, if any."""

    state: Path
    region: str | None


@_once
def clock() -> Callable[[], datetime]:
    """Return what tells the time."""
    return lambda: datetime.now(UTC)


@_once
def pause() -> Callable[[float], None]:
    """Return what waits for a number of seconds."""
    return sleep


@_once
def chance() -> Callable[[], float]:
    """Return what draws random numbers in [0, 1)."""
    return random


@_once
def uuids() -> Callable[[], str]:
    """Return what makes random UUIDs."""
    return lambda: str(uuid4())


@_once
def session() -> boto3.Session:
    """Return the credentials and the region."""
    return boto3.Session()


@_once
def clients() -> Callable[[str], Any]:
    """Return what gives the client of an AWS service by its name; each is created once."""
    create: Callable[..., Any] = session().client
    return cache(lambda service: create(service, config=_WAITS_FOR_FUNCTIONS if service == "lambda" else _CONFIG))


@_once
def http() -> urllib3.PoolManager:
    """Return the connections to AppSync."""
    return urllib3.PoolManager()


@_once
def cursor_secret() -> Callable[[], str]:
    """Return what reads the key that cursors are signed with."""
    return lambda: str(parameters.get_secret(os.environ["CURSOR_SECRET"], max_age=_SECRET_CACHE_SECONDS))


def now() -> datetime:
    """Return the current time, truncated as it is stored."""
    return truncate_to_milliseconds(clock()())


def new_id() -> str:
    """Return an id that was never used before."""
    return uuids()()


def new_task_id() -> str:
    """Return an id for a task that is created now."""
    return ids.new_task_id(now(), UUID(new_id()).int)


def http_api_settings() -> HttpApiSettings:
    """Return the settings of the HTTP API."""
    return HttpApiSettings(os.environ["GUEST"] == "allowed", os.environ["API_PAGE"] == "shown")


def rest_url() -> str:
    """Return the address of the HTTP API."""
    return os.environ["REST_URL"]


def operator_settings() -> OperatorSettings:
    """Return TASKBELL_STATE or .local in the checkout; in the current folder if there is no checkout."""
    folder = _CHECKOUT if (_CHECKOUT / "serverless.yml").is_file() else Path.cwd()
    return OperatorSettings(folder / os.environ.get("TASKBELL_STATE", ".local"), os.environ.get("AWS_REGION"))


@_once
def task_service() -> TaskService:
    """Return the use cases that change tasks."""
    return TaskService(task_repository(), profiles(), settings(), now, new_task_id, task_lists().get)


@_once
def task_repository() -> TaskRepository:
    """Return the repository of tasks."""
    return DynamoDBTaskRepository(clients()("dynamodb"), os.environ["TASKS_TABLE"], _cursors(), now)


@_once
def task_lists() -> TaskListRepository:
    """Return the repository of lists."""
    return DynamoDBTaskListRepository(clients()("dynamodb"), os.environ["TASKS_TABLE"], now)


@_once
def task_list_service() -> TaskListService:
    """Return the use cases of lists."""
    return TaskListService(task_lists(), task_repository(), settings().deleted_task_retention, now)


@_once
def labels() -> LabelRepository:
    """Return what reads labels."""
    return DynamoDBLabels(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def label_service() -> LabelService:
    """Return the use cases that change a label wherever it is."""
    return LabelService(labels(), task_repository(), profiles(), now)


@_once
def undo_tokens() -> UndoTokens:
    """Return what makes tokens that take changes back."""
    return UndoTokens(cursor_secret())


@_once
def things() -> Things:
    """Return what reads tasks, history and notifications of any owner."""
    return DynamoDBThings(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def event_store() -> EventStore:
    """Return the store of task events."""
    return DynamoDBEventStore(clients()("dynamodb"), os.environ["TASKS_TABLE"], _cursors(), now, pause(), chance())


@_once
def change_feed() -> ChangeFeed:
    """Return the feed of changes."""
    log = DynamoDBChangeLog(clients()("dynamodb"), os.environ["TASKS_TABLE"])
    return ChangeFeed(log, SignedPositions(_cursors()), now)


@_once
def statistics() -> StatisticsRepository:
    """Return the repository of statistics."""
    return DynamoDBStatisticsRepository(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def profiles() -> ProfileRepository:
    """Return the repository of users' settings."""
    return DynamoDBProfileRepository(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def calendar_feeds() -> "CalendarFeeds":
    """Return the use cases of calendar feeds."""
    from taskbell.adapters.dynamodb.calendar_feeds import DynamoDBCalendarFeeds  # noqa: PLC0415
    from taskbell.application.calendar_feeds import CalendarFeeds  # noqa: PLC0415

    store = DynamoDBCalendarFeeds(clients()("dynamodb"), os.environ["TASKS_TABLE"])
    return CalendarFeeds(store, cursor_secret(), now, new_id)


@_once
def calendar_feed_reader() -> "CalendarFeedReader":
    """Return what reads calendar feeds."""
    from taskbell.adapters.dynamodb.calendar_feeds import DynamoDBCalendarFeeds  # noqa: PLC0415

    return DynamoDBCalendarFeeds(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def data_export() -> "DataExport":
    """Return the export of all that an owner has."""
    from taskbell.application.data_export import DataExport  # noqa: PLC0415

    log = DynamoDBChangeLog(clients()("dynamodb"), os.environ["TASKS_TABLE"])
    return DataExport(log, task_lists(), profiles(), _cursors())


@_once
def calendar_fetcher() -> "CalendarSource":
    """Return what fetches calendars from the public internet."""
    from taskbell.adapters.calendar_fetcher import CalendarFetcher  # noqa: PLC0415 - for one function alone

    return CalendarFetcher()


@_once
def calendar_following() -> "CalendarFollowing":
    """Return the use cases of subscribed calendars."""
    from taskbell.adapters.dynamodb.fetch_schedule import DynamoDBFetchSchedule  # noqa: PLC0415
    from taskbell.adapters.dynamodb.subscriptions import DynamoDBSubscriptions  # noqa: PLC0415
    from taskbell.api.icalendar_events import events_of  # noqa: PLC0415 - it imports icalendar, which takes 55 ms
    from taskbell.application.calendar_following import CalendarFollowing  # noqa: PLC0415
    from taskbell.application.calendar_tasks import CalendarTasks  # noqa: PLC0415

    at_table = clients()("dynamodb"), os.environ["TASKS_TABLE"]
    stores = DynamoDBSubscriptions(*at_table), DynamoDBFetchSchedule(*at_table)
    tasks = CalendarTasks(task_repository(), settings(), now, new_id)
    return CalendarFollowing(*stores, calendar_fetcher(), events_of, tasks, profiles(), now)


@_once
def scheduled_fetches() -> "ScheduledFetches":
    """Return what asks for the fetches of calendars whose turn has come."""
    from taskbell.adapters.dynamodb.fetch_schedule import DynamoDBFetchSchedule  # noqa: PLC0415
    from taskbell.adapters.sqs_fetch_requests import SqsFetchRequests  # noqa: PLC0415
    from taskbell.application.scheduled_fetches import ScheduledFetches  # noqa: PLC0415

    entries = DynamoDBFetchSchedule(clients()("dynamodb"), os.environ["TASKS_TABLE"])
    return ScheduledFetches(entries, SqsFetchRequests(clients()("sqs"), os.environ["FETCHES_QUEUE_URL"]), now)


@_once
def students() -> "StudentDirectory":
    """Return what lists students."""
    from taskbell.adapters.cognito_students import CognitoStudentDirectory  # noqa: PLC0415 - for one function alone

    client, user_pool_id = clients()("cognito-idp"), os.environ["USER_POOL_ID"]
    return CognitoStudentDirectory(client, user_pool_id, sorted(READERS), _cursors(), now)


@_once
def imports() -> "ImportRepository":
    """Return the progress of imports."""
    from taskbell.adapters.dynamodb.imports import DynamoDBImports  # noqa: PLC0415

    return DynamoDBImports(clients()("dynamodb"), os.environ["TASKS_TABLE"])


@_once
def task_imports() -> "TaskImports":
    """Return the import of tasks."""
    from taskbell.application.task_import import TaskImports  # noqa: PLC0415

    return TaskImports(imports(), task_repository(), task_list_service(), things(), profiles(), now, new_id)


@_once
def notifications() -> NotificationRepository:
    """Return the repository of notifications."""
    return DynamoDBNotificationRepository(clients()("dynamodb"), os.environ["TASKS_TABLE"], _cursors())


@_once
def notification_service() -> NotificationService:
    """Return the use cases that change notifications together with their tasks."""
    return NotificationService(task_repository(), notifications(), things(), now)


@_once
def settings() -> SettingsSource:
    """Return the settings that operators can change."""
    return SsmSettings(os.environ["SETTINGS_PARAMETER"])


@_once
def event_queue() -> EventQueue:
    """Return the queue that changes are forwarded to."""
    return SqsEventQueue(clients()("sqs"), os.environ["EVENTS_QUEUE_URL"])


@_once
def unforwarded_changes() -> UnforwardedChanges:
    """Return where changes are kept that became no events."""
    return SqsUnforwardedChanges(clients()("sqs"), os.environ["UNFORWARDED_CHANGES_URL"])


@_once
def dead_letter_queues() -> DeadLetterQueues:
    """The dead-letter queues."""
    urls = {
        TASK_EVENTS_DEAD_LETTERS: os.environ["DEAD_LETTERS_URL"],
        UNFORWARDED_CHANGES: os.environ["UNFORWARDED_CHANGES_URL"],
    }
    return SqsDeadLetterQueues(clients()("sqs"), urls, wait_seconds=int(os.environ["RECEIVE_WAIT_SECONDS"]))


@_once
def redrive_targets() -> RedriveTargets:
    """Where dead letters are redriven to."""
    queue, machine = os.environ["EVENTS_QUEUE_URL"], os.environ["STATE_MACHINE_ARN"]
    functions = {"forwardChanges": os.environ["FORWARD_CHANGES"], "pushNotifications": os.environ["PUSH_NOTIFICATIONS"]}
    return AwsRedriveTargets(clients(), queue, machine, functions.__getitem__)


@_once
def pipeline_monitor() -> "PipelineMonitor":
    """Return what reads the pipeline's figures."""
    from taskbell.adapters.aws_pipeline import AwsPipelineMonitor, PipelineResources  # noqa: PLC0415
    from taskbell.domain.pipeline import EventsQueue  # noqa: PLC0415

    resources = PipelineResources(
        table=os.environ["TASKS_TABLE"],
        queue_urls={
            EventsQueue.TASK_EVENTS: os.environ["EVENTS_QUEUE_URL"],
            EventsQueue.TASK_EVENTS_DEAD_LETTERS: os.environ["DEAD_LETTERS_URL"],
            EventsQueue.UNFORWARDED_CHANGES: os.environ["UNFORWARDED_CHANGES_URL"],
        },
        state_machine_arn=os.environ["STATE_MACHINE_ARN"],
        forward_changes=os.environ["FORWARD_CHANGES"],
        push_notifications=os.environ["PUSH_NOTIFICATIONS"],
        graphql_api_id=os.environ["GRAPHQL_API_ID"],
    )
    client = clients()
    return AwsPipelineMonitor(
        client("dynamodb"), client("sqs"), client("stepfunctions"), client("cloudwatch"), resources, clock()
    )


@_once
def task_tracer() -> "TaskTracer":
    """Return what traces tasks."""
    from taskbell.adapters.dynamodb.records import DynamoDBTaskRecords  # noqa: PLC0415
    from taskbell.application.task_trace import TaskTracer  # noqa: PLC0415

    records = DynamoDBTaskRecords(clients()("dynamodb"), os.environ["TASKS_TABLE"])
    executions = StepFunctionsExecutions(clients()("stepfunctions"), os.environ["STATE_MACHINE_ARN"])
    return TaskTracer(records, executions, dead_letter_queues(), TASK_EVENTS_DEAD_LETTERS)


@_once
def event_handler() -> EventHandler:
    """Return the handler of task events."""
    return EventHandler(
        event_log=event_store(),
        feed=change_feed(),
        tasks=task_repository(),
        workflows=StepFunctionsWorkflows(clients()("stepfunctions"), os.environ["STATE_MACHINE_ARN"]),
        publisher=AppSyncPublisher(_appsync(), push_document),
        lists=task_lists(),
    )


@_once
def notification_pusher() -> NotificationPusher:
    """Return what pushes notifications."""
    return NotificationPusher(
        things(), profiles(), AppSyncNotificationPublisher(_appsync(), notification_push_document)
    )


@_once
def attempts() -> Attempts:
    """Return the counter of attempts at messages that failed."""
    return DynamoDBAttempts(clients()("dynamodb"), os.environ["TASKS_TABLE"], now)


@_once
def failed_messages() -> FailedMessages:
    """Return the handling of messages whose processing failed."""
    return SqsFailedMessages(
        clients()("sqs"),
        queue_url=os.environ["EVENTS_QUEUE_URL"],
        dead_letters_url=os.environ["DEAD_LETTERS_URL"],
        base_delay=int(os.environ["RETRY_SECONDS"]),
        jitter=chance(),
    )


def _appsync() -> AppSyncApi:
    return AppSyncApi(session(), os.environ["GRAPHQL_URL"], http())


def _cursors() -> CursorCodec:
    return CursorCodec(cursor_secret())
