"""The moto AWS of the suite, with the items that earlier versions have stored, and a server that receives pushes."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from moto import mock_aws
from moto.backends import get_backend

from tests.characterization import subjects
from tests.support import quick_moto

Item = dict[str, Any]
Key = tuple[str, str]

STORED: list[Item] = json.loads((Path(__file__).parent / "stored.json").read_text(encoding="utf-8"))
ACCOUNT, REGION = "123456789012", "eu-central-1"
SETTINGS = "/taskbell/test/settings"
_FIFO = {"FifoQueue": "true"}
_MACHINE = json.dumps({"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}})
_ROLE = "arn:aws:iam::123456789012:role/machine"


quick_moto.speed_up()


def stored(name: str, **fields: Any) -> Item:
    """The stored task with that key; any field can be another."""
    (item,) = [item for item in STORED if item["sk"].startswith("TASK#") and item["key"] == name]
    return item | fields


def id_of(key: str) -> str:
    """The id of the stored task with that key; the key itself if there is none."""
    ids = {item["key"]: item["id"] for item in STORED if item["sk"].startswith("TASK#")}
    return str(ids.get(key, key))


@dataclass(frozen=True)
class Context:
    """Lambda's context object."""

    function_name: str = "function"
    memory_limit_in_mb: int = 128
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id: str = "the-request"

    def get_remaining_time_in_millis(self) -> int:
        """Time enough."""
        return 30_000


class Screen(HTTPServer):
    """Stands where AppSync would, and keeps what is pushed."""

    pushed: list[Any]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/graphql"


class _Push(BaseHTTPRequestHandler):
    server: Screen

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.pushed.append(json.loads(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"data": {}}')

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


@contextmanager
def screen() -> Iterator[Screen]:
    """A running screen."""
    server = Screen(("127.0.0.1", 0), _Push)
    server.pushed = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class MotoStage:
    """Everything that the functions can reach."""

    screen: Screen
    clients: dict[str, Any] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    machine: str = ""
    _user_pool: str = ""

    def __post_init__(self) -> None:
        create: Any = boto3.client
        self.clients = {name: create(name) for name in ("dynamodb", "sqs", "stepfunctions", "ssm")}
        subjects.create_table(self.clients["dynamodb"], "tasks")
        self._user_pool = _create_user_pool(create("cognito-idp"))
        create("secretsmanager").create_secret(Name="cursors", SecretString="not a secret")
        self._table: Any = boto3.resource("dynamodb").Table("tasks")
        self._begin()

    @property
    def environment(self) -> dict[str, str]:
        """What the functions read from their environment."""
        return {
            "TASKS_TABLE": "tasks",
            "CURSOR_SECRET": "cursors",
            "SETTINGS_PARAMETER": SETTINGS,
            "EVENTS_QUEUE_URL": self.urls["events"],
            "DEAD_LETTERS_URL": self.urls["dead"],
            "UNFORWARDED_CHANGES_URL": self.urls["unforwarded"],
            "FETCHES_QUEUE_URL": self.urls["fetches"],
            "FORWARD_CHANGES": "forwardChanges",
            "PUSH_NOTIFICATIONS": "pushNotifications",
            "RECEIVE_WAIT_SECONDS": "0",
            "STATE_MACHINE_ARN": self.machine,
            "GRAPHQL_API_ID": "api",
            "GRAPHQL_URL": self.screen.url,
            "RETRY_SECONDS": "1",
            "GUEST": "refused",
            "API_PAGE": "hidden",
            "REST_URL": "https://rest.example",
            "USER_POOL_ID": self._user_pool,
        }

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of the stack, as the CLI reads them."""
        return {
            "TasksTableName": "tasks",
            "TaskEventsUrl": self.urls["events"],
            "TaskEventsDeadLettersUrl": self.urls["dead"],
            "UnforwardedChangesUrl": self.urls["unforwarded"],
            "TaskLifecycleArn": self.machine,
            "UserPoolId": "pool",
            "UserPoolClientId": "frontends",
        }

    def reset(self) -> None:
        """Have nothing but what earlier versions have stored."""
        wanted, found = {(item["pk"], item["sk"]): item for item in STORED}, self.items()
        with self._table.batch_writer() as batch:
            for pk, sk in found.keys() - wanted.keys():
                batch.delete_item(Key={"pk": pk, "sk": sk})
        self.store(*(item for key, item in wanted.items() if found.get(key) != item))
        for url in self.urls.values():
            self.clients["sqs"].delete_queue(QueueUrl=url)
        self.clients["stepfunctions"].delete_state_machine(stateMachineArn=self.machine)
        self._begin()
        self.screen.pushed.clear()

    def begin_stream(self) -> None:
        """Have what earlier versions have stored once more, as the first changes in the table's stream."""
        with self._table.batch_writer() as batch:
            for pk, sk in self.items():
                batch.delete_item(Key={"pk": pk, "sk": sk})
        subjects.begin_stream(self.clients["dynamodb"], "tasks")
        self.reset()

    def set(self, **days: Any) -> None:
        """Write the parameter that an operator can change."""
        self.clients["ssm"].put_parameter(Name=SETTINGS, Type="String", Value=json.dumps(days), Overwrite=True)

    def store(self, *items: Item) -> None:
        """Put items into the table."""
        with self._table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def items(self) -> dict[Key, Item]:
        """All items of the table, in the order of their keys; taken from moto itself, whose scan takes 0.2 seconds."""
        table = get_backend("dynamodb")[ACCOUNT][REGION].tables["tasks"]
        found = [_plain(item.to_json()["Attributes"]) for item in table.all_items()]
        return {(item["pk"], item["sk"]): item for item in sorted(found, key=lambda item: (item["pk"], item["sk"]))}

    def changes(self, before: Mapping[Key, Item]) -> dict[str, Item | None]:
        """The items that were written since, and None for those that were deleted."""
        after = self.items()
        keys = sorted({*before, *after})
        return {" ".join(key): after.get(key) for key in keys if before.get(key) != after.get(key)}

    def call(self, function: str, event: Any) -> Any:
        """Return a function's result, or its error as Lambda reports it."""
        try:
            return subjects.FUNCTIONS[function](event, Context())
        except Exception as error:
            return {"errorType": type(error).__name__, "errorMessage": str(error)}

    def send(self, queue: str, body: object, group: str = "ada/essay", cause: str | None = None) -> str:
        """Put a message into a queue; its id."""
        note = {"cause": {"DataType": "String", "StringValue": cause}} if cause else {}
        text = body if isinstance(body, str) else json.dumps(body)
        fifo = {"MessageGroupId": group, "MessageDeduplicationId": f"{group}:{text}"[:128]}
        sent = self.clients["sqs"].send_message(
            QueueUrl=self.urls[queue],
            MessageBody=text,
            MessageAttributes=note,
            **({} if queue == "unforwarded" else fifo),
        )
        return str(sent["MessageId"])

    def receive(self, queue: str) -> list[Item]:
        """Receive and delete the messages of a queue."""
        sqs, url = self.clients["sqs"], self.urls[queue]
        options = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
        found: list[Item] = sqs.receive_message(QueueUrl=url, **options).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    def executions(self) -> dict[str, Item]:
        """The workflow's executions."""
        states = self.clients["stepfunctions"]
        listed = states.list_executions(stateMachineArn=self.machine)["executions"]
        described = (states.describe_execution(executionArn=each["executionArn"]) for each in listed)
        return {each["name"]: {"status": each["status"], "input": json.loads(each["input"])} for each in described}

    def follow(self, before: Mapping[Key, Item]) -> None:
        """Let the pipeline do what follows from all that changed since, until nothing changes any more."""
        while (now := self.items()) != before:
            self.call("forwardChanges", {"Records": stream_records(before, now)})
            while messages := self.receive("events"):
                self.call("handleEvents", queue_event(messages))
            before = now

    def _begin(self) -> None:
        create = self.clients["sqs"].create_queue
        self.urls = {
            "events": create(QueueName="events.fifo", Attributes=_FIFO)["QueueUrl"],
            "dead": create(QueueName="dead.fifo", Attributes=_FIFO)["QueueUrl"],
            "unforwarded": create(QueueName="unforwarded")["QueueUrl"],
            "fetches": create(QueueName="fetches.fifo", Attributes=_FIFO)["QueueUrl"],
        }
        states = self.clients["stepfunctions"]
        made = states.create_state_machine(name="TaskLifecycle", definition=_MACHINE, roleArn=_ROLE)
        self.machine = made["stateMachineArn"]
        self.set(deletedTaskRetentionDays=30, notificationRetentionDays=14)


@contextmanager
def moto_stage() -> Iterator[MotoStage]:
    """A stage that the functions reach by their environment; what they have assembled is forgotten after it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with mock_aws(), screen() as looked_at:
            stage = MotoStage(looked_at)
            for name, value in stage.environment.items():
                patch.setenv(name, value)
            yield stage
    subjects.forget_wiring()


def stream_records(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> list[Item]:
    """The table's stream for tasks that changed, as its mapping hands it to forwardChanges."""
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    ours = [key for key in keys if key[1].startswith("TASK#")]
    return [stream_record(before.get(key), after.get(key), number) for number, key in enumerate(ours, 1)]


def stream_record(before: Item | None, after: Item | None, number: int = 1) -> Item:
    """One change of an item as a stream record."""
    images = {"OldImage": _marshalled(before)} if before else {}
    images |= {"NewImage": _marshalled(after)} if after else {}
    name = "MODIFY" if before and after else "INSERT" if after else "REMOVE"
    key = {name: value for name, value in _marshalled(after or before or {}).items() if name in {"pk", "sk"}}
    return {"eventName": name, "dynamodb": {"Keys": key, "SequenceNumber": str(number), **images}}


def queue_event(messages: list[Item], receives: int = 1) -> Item:
    """Messages of SQS as its mapping hands them to handleEvents."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"] | {"ApproximateReceiveCount": str(receives)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:events.fifo",
            }
            for message in messages
        ]
    }


def _create_user_pool(cognito: Any) -> str:
    """A pool with a user in each group and one in none; its id."""
    pool = str(cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"])
    for name, group in {"ada": "students", "bob": "", "grace": "staff", "linus": "admins"}.items():
        cognito.admin_create_user(UserPoolId=pool, Username=name)
        if group:
            cognito.create_group(UserPoolId=pool, GroupName=group)
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    return pool


def _marshalled(item: Item) -> Item:
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items() if value is not None}


def _plain(item: Item) -> Item:
    """An item in DynamoDB's notation as JSON has it."""
    deserialize = TypeDeserializer().deserialize
    return {name: _json(deserialize(value)) for name, value in item.items()}


def _json(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value)
        case dict():
            return {name: _json(part) for name, part in value.items()}
        case list():
            return [_json(part) for part in value]
    return value
