"""Assembles what the entry points need, each part once. The only place that reads the environment."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import random
from typing import Any
from uuid import uuid4

import boto3
import urllib3
from aws_lambda_powertools.utilities import parameters
from botocore.config import Config

from taskbell.adapters.appsync_publisher import AppSyncPublisher
from taskbell.adapters.dynamodb.cursors import Cursors
from taskbell.adapters.dynamodb.event_store import DynamoHistory
from taskbell.adapters.dynamodb.notifications import DynamoNotifications
from taskbell.adapters.dynamodb.pagination import Pages
from taskbell.adapters.dynamodb.profiles import DynamoProfiles
from taskbell.adapters.dynamodb.statistics import DynamoStatistics
from taskbell.adapters.dynamodb.task_repository import DynamoTaskStore
from taskbell.adapters.redrive_targets import AwsWaysBack
from taskbell.adapters.sqs_dead_letters import GIVEN_UP, UNFORWARDED, SqsDeadLetters
from taskbell.adapters.sqs_event_queue import SqsEventQueue, SqsMessages
from taskbell.adapters.ssm_settings import SsmSettings
from taskbell.adapters.stepfunctions import StepFunctionsWorkflows
from taskbell.application.event_handlers import EventHandler
from taskbell.application.ports import (
    DeadLetters,
    EventQueue,
    History,
    Messages,
    Notifications,
    Profiles,
    SettingsSource,
    StatisticsStore,
    TaskStore,
    WaysBack,
)
from taskbell.application.task_service import TaskService
from taskbell.domain.timestamps import to_milliseconds

# Two tries of three seconds: a function's shortest time is ten.
# A user agent of our own spares botocore a fifth of the work of each call (it builds its own anew every time).
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


@dataclass(frozen=True, slots=True)
class HttpApiSettings:
    """What a stage says of its HTTP API: whether guests may use it, and whether it shows its documentation."""

    guests_allowed: bool
    documentation_shown: bool


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Where an operator's command looks when nobody says: the local system's state folder, and a region, if any."""

    state: Path
    region: str | None


def now() -> datetime:
    """The instant, as it will be read back from the table."""
    return to_milliseconds(datetime.now(UTC))


def http_api_settings() -> HttpApiSettings:
    """The settings of the HTTP API, which cost nothing to read."""
    return HttpApiSettings(os.environ["GUEST"] == "allowed", os.environ["API_PAGE"] == "shown")


def operator_settings() -> OperatorSettings:
    """TASKBELL_STATE or .local, in the checkout (where the package is installed alone: in the current folder)."""
    folder = _CHECKOUT if (_CHECKOUT / "serverless.yml").is_file() else Path.cwd()
    return OperatorSettings(folder / os.environ.get("TASKBELL_STATE", ".local"), os.environ.get("AWS_REGION"))


@cache
def task_service() -> TaskService:
    """The changes that people make."""
    return TaskService(task_store(), profiles(), settings(), now, lambda: str(uuid4()))


@cache
def task_store() -> TaskStore:
    """The tasks, for whatever reads or changes one."""
    return DynamoTaskStore(_client("dynamodb"), os.environ["TASKS_TABLE"], _pages())


@cache
def history() -> History:
    """What happened to tasks."""
    return DynamoHistory(_client("dynamodb"), os.environ["TASKS_TABLE"], _pages())


@cache
def statistics() -> StatisticsStore:
    """The counts of owners' tasks."""
    return DynamoStatistics(_client("dynamodb"), os.environ["TASKS_TABLE"])


@cache
def profiles() -> Profiles:
    """What people have set."""
    return DynamoProfiles(_client("dynamodb"), os.environ["TASKS_TABLE"])


@cache
def notifications() -> Notifications:
    """The notifications that people have."""
    return DynamoNotifications(_client("dynamodb"), os.environ["TASKS_TABLE"], _pages())


@cache
def settings() -> SettingsSource:
    """The settings that an operator can change."""
    return SsmSettings(os.environ["SETTINGS_PARAMETER"])


@cache
def event_queue() -> EventQueue:
    """The queue that changes are forwarded to."""
    return SqsEventQueue(_client("sqs"), os.environ["EVENTS_QUEUE_URL"])


@cache
def dead_letters() -> DeadLetters:
    """What the pipeline gave up on."""
    urls = {GIVEN_UP: os.environ["DEAD_LETTERS_URL"], UNFORWARDED: os.environ["UNFORWARDED_CHANGES_URL"]}
    return SqsDeadLetters(_client("sqs"), urls, patience=int(os.environ["LOOK_SECONDS"]))


@cache
def ways_back() -> WaysBack:
    """Where dead letters are passed on to."""
    queue, machine = os.environ["EVENTS_QUEUE_URL"], os.environ["STATE_MACHINE_ARN"]
    forward_changes = os.environ["FORWARD_CHANGES"]
    return AwsWaysBack(_client, queue, machine, lambda: forward_changes)


@cache
def event_handler() -> EventHandler:
    """What follows a change."""
    return EventHandler(
        history=history(),
        store=task_store(),
        workflows=StepFunctionsWorkflows(_client("stepfunctions"), os.environ["STATE_MACHINE_ARN"]),
        publisher=AppSyncPublisher(_session(), os.environ["GRAPHQL_URL"], urllib3.PoolManager()),
    )


@cache
def messages() -> Messages:
    """What becomes of messages that could not be handled."""
    return SqsMessages(
        _client("sqs"),
        queue_url=os.environ["EVENTS_QUEUE_URL"],
        dead_letters_url=os.environ["DEAD_LETTERS_URL"],
        first_delay=int(os.environ["RETRY_SECONDS"]),
        chance=random,
    )


def forget() -> None:
    """Forget all that was put together, so that another environment counts; a Lambda function never needs it."""
    for assembled in (*_ASSEMBLED, _session, _client):
        assembled.cache_clear()
    parameters.clear_caches()


def _pages() -> Pages:
    return Pages(_client("dynamodb"), os.environ["TASKS_TABLE"], Cursors(_cursor_secret))


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def _client(service: str) -> Any:
    create: Callable[..., Any] = _session().client
    return create(service, config=_WAITS_FOR_FUNCTIONS if service == "lambda" else _CONFIG)


def _cursor_secret() -> str:
    return str(parameters.get_secret(os.environ["CURSOR_SECRET"], max_age=_SECRET_CACHE_SECONDS))


_ASSEMBLED = (
    task_store, history, statistics, profiles, notifications, settings, event_queue, dead_letters, ways_back,
    task_service, event_handler, messages,
)  # fmt: skip
