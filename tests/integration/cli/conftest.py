"""A stage and its operator."""

import pytest

from taskbell.cli.stage import Stage
from tests.support.aws import client, create_queue, create_state_machine, empty_table
from tests.support.cli import Operated


@pytest.fixture
def operated(moto: None) -> Operated:
    """The local stage, unless --stage names another; every client can be replaced in `clients`."""
    empty_table()
    outputs = {
        "TasksTableName": "tasks",
        "TaskEventsUrl": create_queue("events.fifo"),
        "TaskEventsDeadLettersUrl": create_queue("dead.fifo"),
        "UnforwardedChangesUrl": create_queue("unforwarded"),
        "TaskLifecycleArn": create_state_machine("lifecycle"),
        "UserPoolId": "pool",
        "UserPoolClientId": "frontends",
    }
    clients = {name: client(name) for name in ("dynamodb", "sqs", "stepfunctions")}
    return Operated(Stage("local", clients.__getitem__, outputs, {"users": []}, wait_seconds=0), clients)
