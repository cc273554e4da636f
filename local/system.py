"""The local system from start to stop, in the order in which its parts need one another."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import uvloop

from local.adaptation import CannotAdapt, Gateway
from local.appsync.settings import UnsupportedSetting
from local.compilation import DoesNotCompile, compile_template
from local.connection import CONNECTION, Connection, Secrets, keep_secrets, realtime_url
from local.deployment import DeploymentFailed, deploy
from local.exclusive import AlreadyTaken, listen, lock
from local.executions import resume_executions
from local.gateway import make_gateway, make_server
from local.ministack import AwsDidNotStart, AwsEnded, LocalAws
from local.progress import Progress, fail
from local.settings import LOOPBACK, BadSetting, Settings
from local.users import Users

API_ID = "taskbelllocal"
CLEAR = (
    AlreadyTaken,
    AwsDidNotStart,
    AwsEnded,
    BadSetting,
    CannotAdapt,
    DeploymentFailed,
    DoesNotCompile,
    UnsupportedSetting,
)


def main() -> int:
    """Run the local system until SIGINT or SIGTERM, and answer the exit status: 0 after a stop that was asked for."""
    try:
        settings = Settings.from_environment()
        with (
            lock(settings),
            listen(settings) as listening,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            runner.run(_run_until_signal(settings, listening))
    except CLEAR as error:
        fail(str(error))
        return 1
    return 0


async def _run_until_signal(settings: Settings, listening: socket.socket) -> None:
    running = asyncio.create_task(run(settings, listening))
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):  # once is enough: what follows is bounded
            loop.add_signal_handler(number, lambda: None)
        print("Stopping.", flush=True)
        running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def run(settings: Settings, listening: socket.socket) -> None:
    """Start everything, say what can be opened, and serve until cancelled or until the local AWS ends by itself."""
    progress = Progress()
    with _temporary_folder(settings.state / "tmp"):
        async with _compiling(settings) as compiling, LocalAws(settings) as aws, aiohttp.ClientSession() as http:
            progress.say(f"Local AWS is up ({settings.aws_endpoint})")
            template, compiled = await compiling
            progress.say("Compiled serverless.yml" if compiled else "serverless.yml is as it was")
            secrets = keep_secrets(settings.state)
            deployment = await asyncio.to_thread(deploy, settings, template, _gateway(settings, secrets))
            users = Users(settings, deployment, secrets.passwords)
            await asyncio.to_thread(users.make)
            resumed = await asyncio.to_thread(resume_executions, settings)
            progress.say("The stack stands" + (f", and {resumed} executions go on" if resumed else ""))
            connection = Connection(settings, secrets.api_key, users.pool, users.app_client, users.all)
            app = make_gateway(settings, http, deployment, users, connection)
            async with _serving(app, listening) as serving:
                with _announced(connection):
                    _tell_what_is_there(settings, progress)
                    await _either_ends(serving, aws)


@contextlib.contextmanager
def _temporary_folder(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _compiling(settings: Settings) -> AsyncIterator["asyncio.Task[tuple[dict[str, object], bool]]"]:
    task = asyncio.create_task(compile_template(settings))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def _serving(app: object, listening: socket.socket) -> AsyncIterator["asyncio.Task[None]"]:
    server = make_server(app)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    answers = asyncio.create_task(server.answers.wait())
    try:
        await asyncio.wait({task, answers}, return_when=asyncio.FIRST_COMPLETED)
        yield task
    finally:
        answers.cancel()
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


@contextlib.contextmanager
def _announced(connection: Connection) -> Iterator[None]:
    connection.write()
    try:
        yield
    finally:
        connection.remove()


async def _either_ends(serving: "asyncio.Task[None]", aws: LocalAws) -> None:
    ended = asyncio.create_task(aws.ended())
    try:
        await asyncio.wait({serving, ended}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            return serving.result()
        raise AwsEnded(f"The local AWS ended by itself (status {ended.result()}). See {aws.log}.")
    finally:
        ended.cancel()


def _gateway(settings: Settings, secrets: Secrets) -> Gateway:
    urls = (settings.graphql_url, realtime_url(settings))
    return Gateway(API_ID, *urls, secrets.api_key, settings.region, settings.account)


def _tell_what_is_there(settings: Settings, progress: Progress) -> None:
    state = os.path.relpath(settings.state)
    progress.say("Taskbell is ready. Ctrl-C stops it.")
    for what, where in (
        ("GraphiQL", f"http://{LOOPBACK}:{settings.port}/"),
        ("GraphQL", settings.graphql_url),
        ("Keys, users", f"{state}/{CONNECTION}"),
        ("Function logs", f"{state}/logs/*.log"),
        ("AWS endpoint", f"{settings.aws_endpoint}  (access key {settings.account}, any secret)"),
        ("Try it", ".venv/bin/python examples/live_status.py"),
    ):
        print(f"            {what:<14} {where}", flush=True)
