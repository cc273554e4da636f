"""A run with devices of one owner: people edit on them, offline too, while the pipeline changes the same tasks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from taskbell.domain.timestamps import format_timestamp
from tests.simulation.chance import Chance
from tests.simulation.simulation import Simulation
from tests.simulation.sync.api import Api
from tests.simulation.sync.device import Device
from tests.simulation.sync.node import node
from tests.simulation.world import START

OWNER = "ada"
_NAMES = ("phone", "laptop")
_SKEWS = (0.0, 0.0, 1.5, -2.0, 900.0)
_KINDS = ("create", "create", "child", "rename", "guarded", "guarded", "status", "status", "due", "delete", "restore")
_STATUSES = ("PENDING", "IN_PROGRESS", "COMPLETED")
_SETTLED = 900.0  # seconds in which devices without faults have caught up and sent everything
_MORNING = 600.0
_NIGHTS = (0.0, 40 * 86_400.0)


@dataclass(frozen=True)
class Edit:
    """A change that somebody made on a device."""

    device: str
    name: str
    task: str
    title: str | None
    client_mutation_id: str


@dataclass
class SyncSimulation(Simulation):
    """A run with two devices of one owner."""

    devices: list[Device] = field(init=False)
    edits: list[Edit] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        chance, world = self.world.chance, self.world
        api = Api(self.functions)
        self.devices = [Device(world, node(), api, OWNER, name, chance.pick(f"{name} skew", _SKEWS)) for name in _NAMES]
        self.screens, self.followers, self.bells = [], [], []
        self.broker.subscribers = {"onTaskEvent": self.devices, "onNotification": []}

    def asked(self) -> set[tuple[str, str | None, str]]:
        """What people asked for, also on devices."""
        return super().asked() | {(OWNER, edit.task.split(":")[-1], edit.name) for edit in self.edits}

    def prepare(self) -> None:
        """Plan what happens to the devices, and when they sleep."""
        for device in self.devices:
            self._plan(device)
        self.world.later(self.world.quiet_after + _SETTLED, self._sleep)

    def conclude(self) -> None:
        """Wake the devices, days later, and let them catch up."""
        self.world.run(self.world.seconds + self.world.chance.pick("night", _NIGHTS))
        for device in self.devices:
            device.online = True
            device.start()
        self.world.run(self.world.seconds + _MORNING)

    def _plan(self, device: Device) -> None:
        """Plan when a device runs, has a network, and is used. A plan is shrunk by leaving parts out, as faults are."""
        chance, name, span = self.world.chance, device.name, self.world.quiet_after - 1_500
        begins = chance.draw(f"{name} starts") * 3
        self.world.later(begins, device.start)
        for edit in self._parts(f"{name} edit", 1, 6):
            self.world.later(begins + 0.1 + chance.draw(f"{edit} at") ** 2 * (span + 30), self._editing(device, edit))
        for gap in self._parts(f"{name} gap", 0, 3):
            at = begins + chance.draw(f"{gap} at") * (span + 10)
            silently = chance.draw(f"{gap} is silent") < 0.3
            self.world.later(at, partial(device.go_offline, silently=silently))
            self.world.later(at + chance.draw(f"{gap} lasts") ** 2 * 600, device.go_online)
        for kill in self._parts(f"{name} kill", 0, 3):
            at = begins + chance.draw(f"{kill} at") * (span + 10)
            self.world.later(at, device.kill)
            self.world.later(at + 1 + chance.draw(f"{kill} lasts") ** 2 * 300, device.start_again)
        self.world.later(self.world.quiet_after, device.go_online)

    def _parts(self, name: str, least: int, most: int) -> list[str]:
        chance = self.world.chance
        names = [f"{name} {number}" for number in range(least + int(chance.draw(f"{name}s") * (most - least + 1)))]
        return [part for part in names if chance.fault(part, 1.0)]

    def _sleep(self) -> None:
        for device in self.devices:
            device.kill()

    def _editing(self, device: Device, number: str) -> Callable[[], None]:
        def edit() -> None:
            if device.running:
                name, input_ = self._edit(device, number)
                queued = device.mutate(name, input_)
                self.edits.append(
                    Edit(device.name, name, queued["id"], input_.get("title"), queued["clientMutationId"])
                )

        return edit

    def _edit(self, device: Device, name: str) -> tuple[str, dict[str, Any]]:
        """What somebody does with what is on the screen."""
        chance = self.world.chance
        tasks = device.shown()["tasks"]
        kind = chance.pick(f"{name} kind", _KINDS)
        task: Mapping[str, Any] = chance.pick(f"{name} task", tasks) if tasks else {}
        if kind == "create" or not tasks:
            return "createTask", {"title": name, **_due(chance, name, self.world.seconds)}
        match kind:
            case "child":
                return "createTask", {"title": name, "parentId": task["id"]}
            case "rename":
                return "updateTask", {"id": task["id"], "title": name}
            case "guarded":
                guard = {"expectedVersion": task["version"]} if task["version"] else {}
                return "updateTask", {"id": task["id"], "title": name, **guard}
            case "status":
                return "setTaskStatus", {"id": task["id"], "status": chance.pick(f"{name} status", _STATUSES)}
            case "due":
                return "updateTask", {"id": task["id"], "title": name, **_due(chance, name, self.world.seconds)}
            case "delete":
                return "deleteTask", {"id": task["id"]}
        return "restoreTask", {"id": task["id"]}


def _due(chance: Chance, name: str, at: float) -> dict[str, Any]:
    seconds = chance.pick(f"{name} due", (None, 30.0, 200.0, 700.0, 90_000.0))
    if seconds is None:
        return {}
    due = format_timestamp(START + timedelta(seconds=at + seconds))
    return {"dueAt": due, "remindBefore": chance.pick(f"{name} remind", ([], [0], [1], [10]))}
