"""docs/how-to/offline.md: an app with the reference client, while its network comes and goes and others work too."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from local.settings import LOOPBACK
from tests.e2e.clients.caches.documented import install_documented
from tests.e2e.clients.running import INSTALLED
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem
from tests.support.tcp_relay import tcp_relay

_SECONDS = 150  # after which the app ends itself
_TASKS = """query ($after: String) { tasks(first: 100, after: $after) {
  nodes { id version title status } pageInfo { hasNextPage endCursor } } }"""


@dataclass(frozen=True)
class Api:
    """Somebody else who works on the same owner's tasks, past the relay."""

    system: LocalSystem
    headers: dict[str, str]

    def ask(self, query: str, **variables: Any) -> Any:
        _, answer = self.system.graphql(query, variables, **self.headers)
        assert "errors" not in answer, answer
        return answer["data"]

    def change(self, name: str, **input_: Any) -> str:
        type_ = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation ($input: {type_}!) {{ {name}(input: $input) {{ task {{ id }} errors {{ code }} }} }}"
        payload = self.ask(query, input=input_)[name]
        assert payload["errors"] == []
        return str(payload["task"]["id"])

    def tasks(self) -> dict[str, Any]:
        """Its list: what each task shows, by id."""
        found: dict[str, Any] = {}
        after = None
        while True:
            page = self.ask(_TASKS, after=after)["tasks"]
            found |= {task["id"]: _shown(task) for task in page["nodes"]}
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]


@dataclass(frozen=True)
class App:
    """The app of a reader: a process with the client."""

    process: subprocess.Popen[str]

    def do(self, command: str, **more: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"do": command, **more}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "The app has ended."
        return json.loads(line)

    def mutate(self, name: str, **input_: Any) -> str:
        return str(self.do("mutate", name=name, input=input_)["id"])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def screen(self) -> Any:
        return self.do("show")

    @property
    def tasks(self) -> dict[str, Any]:
        return {id_: _shown(task) for id_, task in self.screen["tasks"].items()}

    def title(self, id_: str) -> str | None:
        task = self.screen["tasks"].get(id_)
        return task and str(task["title"])


@contextmanager
def _app(**arguments: Any) -> Iterator[App]:
    command = ["node", "sync_app.mjs", json.dumps(arguments | {"seconds": _SECONDS})]
    with subprocess.Popen(command, cwd=INSTALLED, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield App(process)
        finally:
            process.kill()


@pytest.fixture
def api(system: LocalSystem) -> Api:
    return Api(system, {"authorization": system.token("grace")})


async def test_an_app_follows_its_tasks_through_cuts_and_restarts(
    system: LocalSystem, api: Api, tmp_path: Path
) -> None:
    install_documented()
    run, file = uuid4().hex, tmp_path / "storage.json"
    first, second, third = (api.change("createTask", title=f"{name} {run}") for name in ("First", "Second", "Third"))
    owner = api.ask("{ viewer { ownerId } }")["viewer"]["ownerId"]
    async with tcp_relay(system.settings.port) as network:
        asked = {
            "url": f"http://{LOOPBACK}:{network.port}/graphql",
            "ownerId": owner,
            "headers": api.headers,
            "file": str(file),
        }
        with _app(**asked) as app:
            # The first full sync.
            await until(lambda: app.screen["online"] and {first, second, third} <= app.tasks.keys())

            # An edit online.
            app.mutate("updateTask", id=first, title="Edited online")
            assert app.title(first) == "Edited online"
            await until(lambda: api.tasks()[first][1] == "Edited online" and not app.screen["pending"])

            # Edits while the network is away, and what others do meanwhile.
            network.cut()
            await until(lambda: not app.screen["online"])
            made = app.mutate("createTask", title=f"Made offline {run}")
            app.mutate("updateTask", id=first, title="Edited offline")
            app.mutate("updateTask", id=second, title=" ")
            api.change("setTaskStatus", id=second, status="IN_PROGRESS")
            api.change("deleteTask", id=third)
            assert (app.title(made), app.title(first)) == (f"Made offline {run}", "Edited offline")
            assert app.screen["tasks"][second]["status"] == "PENDING"
            assert third in app.tasks
            await until(lambda: len(_stored(file, owner)["queue"]) == 3)
            app.kill()

        with _app(**asked) as app:
            # Another start, from storage, still without network.
            assert (app.title(made), app.title(first)) == (f"Made offline {run}", "Edited offline")
            assert [mutation["name"] for mutation in app.screen["pending"]] == ["createTask", *["updateTask"] * 2]
            await network.open()
            app.do("wake")
            await until(lambda: app.screen["online"] and not app.screen["pending"])
            assert api.tasks()[made][1:] == [f"Made offline {run}", "PENDING"]
            assert api.tasks()[first][1] == "Edited offline"
            assert app.screen["refused"] == [["updateTask", "VALIDATION"]]
            await until(
                lambda: app.tasks[second][1:] == [f"Second {run}", "IN_PROGRESS"]
            )  # its event may be on its way
            await until(lambda: third not in app.tasks)

            # Pushes: the client itself asks every five minutes only.
            api.change("updateTask", id=second, title="Pushed")
            await until(lambda: app.title(second) == "Pushed")
            api.change("deleteTask", id=second)
            await until(lambda: second not in app.tasks)
            await until(lambda: _stored(file, owner)["entries"][second]["node"] is None)

            await until(lambda: app.tasks == api.tasks())
            app.do("stop")
            assert all(_stored(file, owner)["entries"][gone]["node"] is None for gone in (second, third))


def _shown(task: dict[str, Any]) -> list[Any]:
    return [task["version"], task["title"], task["status"]]


def _stored(file: Path, owner: str) -> Any:
    return json.loads(json.loads(file.read_text())[owner])
