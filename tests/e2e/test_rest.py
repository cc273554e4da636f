"""The HTTP API of the whole local system, called with curl."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.settings import CHECKOUT
from tests.e2e.aws import Aws
from tests.e2e.waiting import until
from tests.support.examples import fresh_id
from tests.support.local_system import LocalSystem

GUIDE = CHECKOUT / "docs/reference/rest-api.md"


@dataclass(frozen=True)
class Api:
    """The HTTP API, as the guest or with somebody's token."""

    url: str
    token: str | None = None

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status, and the body as JSON (None where there is none)."""
        command = ["curl", "-sS", "--max-time", "60", "-X", method, f"{self.url}{path}", "-w", "\n%{http_code}"]
        command += [] if body is None else ["-d", body if isinstance(body, str) else json.dumps(body)]
        command += [] if self.token is None else ["-H", f"Authorization: Bearer {self.token}"]
        text, _, status = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("\n")
        return int(status), json.loads(text) if text else None


@pytest.fixture(scope="module")
def guest(system: LocalSystem) -> Api:
    return Api(system.connection["restUrl"])


@pytest.fixture(scope="module")
def ada(system: LocalSystem) -> Api:
    return Api(system.connection["restUrl"], system.token("ada"))


@pytest.fixture(scope="module")
def grace(system: LocalSystem) -> Api:
    return Api(system.connection["restUrl"], system.token("grace"))


@pytest.fixture(scope="module")
def aws(system: LocalSystem) -> Aws:
    return Aws(system)


async def test_one_curl_sends_a_task_through_the_whole_pipeline(system: LocalSystem, aws: Aws) -> None:
    curl = ["curl", "-sSf", "-X", "POST", f"{system.connection['restUrl']}/tasks", "-d", '{"taskID": "task-173"}']
    await asyncio.to_thread(subprocess.run, curl, check=True, capture_output=True)
    task = aws.task("guest", "task-173")
    assert task.title == "task-173"

    await until(lambda: len(aws.items("guest", f"EVENT#{task.id}#")) == 3)
    assert [event["type"]["S"] for event in aws.items("guest", f"EVENT#{task.id}#")] == [
        "CREATED",
        "PROCESSING_CHANGED",
        "PROCESSING_CHANGED",
    ]
    await until(lambda: aws.run(task, 1)["status"] == "SUCCEEDED")
    assert [dead_letter for dead_letter in aws.all_dead_letters() if "task-173" in dead_letter["Body"]] == []


async def test_repeating_it_starts_nothing_again(guest: Api, aws: Aws) -> None:
    first = guest.ask("POST", "/tasks", {"taskID": "task-174"})
    task = aws.task("guest", "task-174")
    await until(lambda: len(aws.items("guest", f"EVENT#{task.id}#")) == 3)
    status, again = guest.ask("POST", "/tasks", {"taskID": "task-174"})
    assert (first[0], status, again["created_at"]) == (202, 202, first[1]["created_at"])
    assert aws.task("guest", "task-174").version == 3
    assert aws.run(task, 1)["status"] == "SUCCEEDED"


def test_a_task_is_made_changed_listed_and_deleted(ada: Api) -> None:
    status, task = ada.ask("POST", "/task", {"title": "Read", "description": "Chapter 4"})
    assert (status, task["status"]) == (201, "Pending")
    path = f"/task/{task['task_id']}"
    assert ada.ask("GET", path)[1]["description"] == "Chapter 4"
    status, changed = ada.ask("PUT", path, {"status": "In Progress"})
    assert (status, changed["status"]) == (200, "In Progress")
    status, listed = ada.ask("GET", "/tasks?status=In%20Progress")
    assert (status, [each["task_id"] for each in listed["tasks"]]) == (200, [task["task_id"]])
    assert ada.ask("PUT", path, {"status": "Completed", "expected_version": 1})[0] == 409
    assert ada.ask("DELETE", path) == (204, None)
    assert [ada.ask("GET", path)[0], ada.ask("DELETE", path)[0]] == [404, 404]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/task", {"title": " "}, 422),
        ("POST", "/task", {"title": "x", "more": 1}, 422),
        ("POST", "/task", '{"title": ', 400),
        ("POST", "/tasks", {"taskID": "no/slash"}, 422),
        ("GET", "/tasks?first=0", None, 422),
        ("GET", "/tasks?after=nonsense", None, 422),
        ("PUT", "/task/missing", {"status": "Done"}, 422),
        ("PUT", "/task/missing", {"status": "Completed"}, 404),
        ("POST", "/tasks?first=1", {"taskID": "essay"}, 422),
        ("PUT", "/task/missing?expected_version=1", {"status": "Completed"}, 422),
        ("GET", "/tasks?first=1&first=2", None, 422),
        ("GET", "/task/a%2Fb", None, 404),
        ("GET", "/task/%F0%9F%98%80", None, 404),
        ("DELETE", "/task/a%22b", None, 404),
        ("GET", "/task/a%0Ab", None, 404),
        ("GET", "/task/%ff", None, 404),
        ("PATCH", "/tasks", None, 405),
        ("GET", "/nowhere", None, 404),
    ],
)
def test_what_cannot_be_answered_is_refused(guest: Api, method: str, path: str, body: Any, status: int) -> None:
    response = guest.ask(method, path, body)
    assert response[0] == status
    assert all(error["message"] and error["code"] for error in response[1]["errors"])


def test_tasks_are_their_owners_and_staff_reads_them(guest: Api, ada: Api, grace: Api, aws: Aws) -> None:
    task_id = fresh_id()
    assert ada.ask("POST", "/tasks", {"taskID": task_id})[0] == 202
    assert guest.ask("POST", "/tasks", {"taskID": task_id, "title": "The guest's"})[0] == 202
    assert guest.ask("GET", f"/task/{task_id}")[1]["title"] == "The guest's"
    owner_id = aws_owner(aws, task_id)
    assert grace.ask("GET", f"/task/{task_id}")[0] == 404
    assert grace.ask("GET", f"/task/{task_id}?owner_id={owner_id}")[1]["title"] == task_id
    assert guest.ask("GET", f"/task/{task_id}?owner_id={owner_id}")[0] == 404
    assert grace.ask("DELETE", f"/task/{task_id}")[0] == 404
    assert ada.ask("GET", f"/task/{task_id}")[0] == 200


def test_a_calendar_feed_is_read_by_whoever_has_its_address(system: LocalSystem, guest: Api) -> None:
    renewal = "mutation { renewCalendarFeed(input: {}) { calendarFeed { url } errors { code } } }"
    url = system.graphql(renewal, {})[1]["data"]["renewCalendarFeed"]["calendarFeed"]["url"]
    assert url.startswith(f"{guest.url}/calendar/")
    head = subprocess.run(["curl", "-sSI", url], capture_output=True, text=True, check=True).stdout
    tag = re.search(r"(?i)^etag: (.*)$", head, re.MULTILINE)
    assert tag
    told = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{content_type}"]
    for options, answer in (
        ([], "200 text/calendar; charset=utf-8"),
        (["-H", f"If-None-Match: {tag[1].strip()}"], "304 "),
    ):
        assert subprocess.run([*told, *options, url], capture_output=True, text=True, check=True).stdout == answer
    wrong = subprocess.run([*told, url.replace(".ics", "x.ics")], capture_output=True, text=True, check=True).stdout
    assert wrong.startswith("404 ")


def test_both_doors_show_the_same_tasks(system: LocalSystem, guest: Api) -> None:
    task_id = guest.ask("POST", "/task", {"title": "By the other door"})[1]["task_id"]
    _, answer = system.graphql("query ($id: ID!) { task(id: $id) { title status } }", {"id": task_id})
    assert answer["data"]["task"] == {"title": "By the other door", "status": "PENDING"}


@pytest.mark.parametrize("token", ["forged", "", "a.b.c"])
def test_a_token_that_proves_nothing_is_not_taken_for_the_guests(guest: Api, token: str) -> None:
    assert Api(guest.url, token).ask("GET", "/tasks") == (401, {"message": "Unauthorized"})


def test_the_page_loads_only_what_this_machine_serves(guest: Api, system: LocalSystem) -> None:
    def fetch(path: str) -> bytes:
        return subprocess.run(["curl", "-sSf", f"{guest.url}{path}"], check=True, capture_output=True).stdout

    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', fetch("/docs").decode())
    assert "/docs/swagger-ui-bundle.js" in loaded
    assert all(path.startswith("/docs/") and fetch(path) for path in loaded)
    installed = CHECKOUT / "node_modules/swagger-ui-dist/swagger-ui-bundle.js"
    assert fetch("/docs/swagger-ui-bundle.js") == installed.read_bytes()
    assert set(guest.ask("GET", "/openapi.json")[1]["paths"]) == {"/task", "/tasks", "/task/{task_id}"}


def test_the_examples_of_the_guide_answer_what_it_says(system: LocalSystem) -> None:
    variables = ""
    for line in _examples():
        command, _, status = line.partition(" # ")
        local = command.replace("http://127.0.0.1:4001", system.connection["restUrl"])
        local = local.replace("http://127.0.0.1:4000", system.connection["graphqlUrl"].removesuffix("/graphql"))
        if not status:
            variables += f"{local}\n"
            continue
        printing = local.replace("curl ", "curl -sS -o /dev/null -w '%{http_code}' ", 1)
        script = f"set -e\n{variables}{printing}"
        completed = subprocess.run(["sh", "-c", script], env=os.environ, capture_output=True, text=True, check=False)
        assert (completed.stdout, completed.stderr) == (status.strip(), ""), command


def _examples() -> Iterator[str]:
    for block in re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        yield from block.splitlines()


def aws_owner(aws: Aws, task_id: str) -> str:
    """Whose task it is, besides the guest's."""
    found = aws.dynamodb.scan(TableName=aws.variable("serveRest", "TASKS_TABLE"))["Items"]
    owners = {item["ownerId"]["S"] for item in found if item["sk"]["S"] == f"TASK#{task_id}"}
    (owner,) = owners - {"guest"}
    return str(owner)
