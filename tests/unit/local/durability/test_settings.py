"""What changes seldom is compared as a whole, after requests that may have changed it."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.ministack_patches.durability.database import StateDatabase
from local.ministack_patches.durability.settings import Settings, changes_settings

PERSISTENCE = SimpleNamespace(_json_default=None, _json_object_hook=None)


@pytest.mark.parametrize(
    ("path", "target", "changes"),
    [
        ("/", "AmazonSSM.PutParameter", True),
        ("/", "AWSCognitoIdentityProviderService.InitiateAuth", True),
        ("/", "DynamoDB_20120810.UpdateTable", True),
        ("/", "", True),  # CloudFormation, IAM: the action is in the body
        ("/", "DynamoDB_20120810.UpdateItem", False),
        ("/", "AmazonSQS.SendMessage", False),
        ("/", "AWSStepFunctions.StartExecution", False),
        ("/2015-03-31/functions/f/invocations", "", False),
    ],
)
def test_requests_of_the_data_plane_change_no_settings(path: str, target: str, changes: bool) -> None:
    assert changes_settings("POST", path, target) is changes


class Services:
    """SSM with its parameters, and the settings that are kept of it."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {"a": 1}
        self.failures: list[Exception] = []
        self.settings = Settings(lambda: {"ssm": SimpleNamespace(get_state=self._get_state)}, PERSISTENCE)

    def _get_state(self) -> dict[str, Any]:
        if self.failures:
            raise self.failures.pop()
        return {"parameters": self.parameters, "tags": {}}


def test_only_stores_that_changed_are_written_and_only_after_a_request(tmp_path: Path) -> None:
    services, database = Services(), StateDatabase(tmp_path)
    database.commit(services.settings.cut())
    services.parameters["b"] = 2
    assert list(services.settings.cut()) == []
    services.settings.touched = True
    (change,) = services.settings.cut()
    database.commit([change])
    assert Services().settings.load(database) == {"ssm": {"parameters": {"a": 1, "b": 2}, "tags": {}}}
    assert json.loads(database.rows("settings")[0][1]) == {"a": 1, "b": 2}


def test_a_store_that_another_thread_changes_is_written_at_the_next_time() -> None:
    services = Services()
    services.failures = [RuntimeError("dictionary changed size during iteration")]
    assert list(services.settings.cut()) == []
    assert len(list(services.settings.cut())) == 2
