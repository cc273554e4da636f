"""The running system keeps its promises while its processes are killed and its requests fail."""

from dataclasses import replace
from pathlib import Path

from tests.e2e.faults.kills import Kill
from tests.e2e.faults.run import Plan, Run
from tests.support.local_system import free_port, free_settings

_SHORT = Plan(
    seed=35,
    tasks=40,
    writers=5,
    kills=(Kill.WORKERS, Kill.LOCAL_AWS),
    pause=0.3,
    rate=0.05,
    kills_end=0.5,
    faults_outlast=4,
)


async def test_nothing_is_lost_doubled_or_out_of_order_while_processes_are_killed_and_requests_fail(
    tmp_path: Path,
) -> None:
    run = Run(_SHORT, replace(free_settings(tmp_path), functions_port=free_port()))
    violations = await run.run()
    assert violations == [], "\n".join([run.report(), *violations])
    assert run.mortal.killed == list(_SHORT.kills)
    assert len({fault for fault, _ in run.proxy.injected}) == 5
    assert all(subscriber.sessions[-1].pushes for subscriber in run.subscribers)
    assert len({target for _, target in run.proxy.injected}) >= 3
