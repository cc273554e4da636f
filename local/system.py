"""Starts and stops the parts of the local system in the order of their dependencies."""

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import appsync_local
import uvloop
from appsync_local.transport.tls import Certificate, certificate
from appsync_local.transport.uvicorn import make_server

from local.appsync_metrics import AppSyncMetrics
from local.compilation import CompilationError, compile_template
from local.connection import AWS_CONFIG, AWS_PROFILE, CONNECTION, Connection, realtime_url
from local.credentials import Secrets, load_or_create_secrets
from local.deployment import DeploymentError, deploy
from local.file_permissions import StateFolderError, make_private
from local.gateway import make_gateway
from local.http_api.definition import UnsupportedFeatureError
from local.http_api.server import make_rest_app
from local.locks import AlreadyRunningError, lock, wait_for_former_aws
from local.ministack import AwsEndedError, AwsStartError, LocalAws
from local.ministack_patches.durability.database import StateFormatError
from local.ports import PortInUseError, Sockets, open_sockets
from local.progress import Progress, fail
from local.recovery import describe_recovery
from local.settings import LOOPBACK, InvalidSettingError, Settings
from local.template_transform import EmulatedApiValues, TransformError
from local.users import GROUP_BY_USER, Users

API_ID = "taskbelllocal"


EXPECTED_ERRORS = (
    AlreadyRunningError,
    AwsStartError,
    AwsEndedError,
    InvalidSettingError,
    TransformError,
    appsync_local.UnsupportedFeatureError,
    DeploymentError,
    CompilationError,
    StateFolderError,
    StateFormatError,
    PortInUseError,
    UnsupportedFeatureError,
)


def main() -> int:
    """Run the local system until SIGINT or SIGTERM, and return the exit status: 0 after an orderly stop."""
    try:
        settings = Settings.from_environment()
        make_private(settings.state)
        with lock(settings):
            wait_for_former_aws(settings, lambda what: print(what, flush=True))
            with open_sockets(settings) as sockets, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_run_until_signal(settings, sockets))
    except EXPECTED_ERRORS as error:
        fail(str(error))
        return 1
    return 0


async def _run_until_signal(settings: Settings, sockets: Sockets) -> None:
    running = asyncio.create_task(run(settings, sockets))
    loop = asyncio.get_running_loop()

    def on_signal(react: Callable[[], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, react)

    def stop() -> None:
        on_signal(cut_short)
        print("Stopping.", flush=True)
        running.cancel()

    def cut_short() -> None:
        on_signal(lambda: None)  # what follows is bounded
        running.cancel()

    on_signal(stop)
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def run(settings: Settings, sockets: Sockets) -> None:
    """Start everything, print the URLs, and serve until cancelled or until the local AWS ends by itself."""
    progress = Progress()
    if recovered := describe_recovery(settings.state / "aws"):
        progress.say(recovered)
    with _temporary_folder(settings.state / "tmp"):
        async with (
            _compiling(settings) as compiling,
            LocalAws(settings, progress.say) as aws,
            aiohttp.ClientSession() as http,
        ):
            progress.say(f"Local AWS is up ({settings.aws_endpoint})")
            template, compiled = await compiling
            progress.say("Compiled serverless.yml" if compiled else "serverless.yml unchanged")
            secrets = load_or_create_secrets(settings.state, GROUP_BY_USER)
            deployment = await asyncio.to_thread(deploy, settings, template, _api_values(settings, secrets))
            users = Users(settings, deployment, secrets.passwords)
            await asyncio.to_thread(users.make)
            progress.say("Stack deployed")
            connection = Connection(settings, secrets, users.pool, users.app_client, users.all)
            metrics = AppSyncMetrics(settings, http, API_ID)
            app = make_gateway(settings, http, deployment, users, connection, metrics=metrics, report=progress.say)
            rest_app = make_rest_app(settings, http, deployment, users)
            trusted = certificate(settings.tls)
            async with (
                _serving(app, sockets.graphql) as graphql_serving,
                _serving(app, sockets.tls, trusted) as tls_serving,
                _serving(rest_app, sockets.rest) as rest_serving,
                metrics.running(),
            ):
                try:
                    with _announced(connection):
                        aws.begin()
                        _print_urls(settings, progress)
                        await _wait_for_first_end(aws, graphql_serving, tls_serving, rest_serving)
                finally:
                    await aws.stop()  # before the gateway, which receives the functions' last pushes


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
async def _serving(
    app: object, listening: list[socket.socket], trusted: Certificate | None = None
) -> AsyncIterator["asyncio.Task[None]"]:
    server = make_server(app, trusted)
    task = asyncio.create_task(server.serve(sockets=listening))
    answers = asyncio.create_task(server.ready.wait())
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


async def _wait_for_first_end(aws: LocalAws, *servers: "asyncio.Task[None]") -> None:
    ended = asyncio.create_task(aws.ended())
    try:
        await asyncio.wait({*servers, ended}, return_when=asyncio.FIRST_COMPLETED)
        for serving in servers:
            if serving.done():
                return serving.result()
        raise AwsEndedError(f"The local AWS ended by itself (status {ended.result()}). See {aws.log}.")
    finally:
        ended.cancel()


def _api_values(settings: Settings, secrets: Secrets) -> EmulatedApiValues:
    urls = (settings.functions_graphql_url, realtime_url(settings))
    return EmulatedApiValues(API_ID, *urls, secrets.api_key, settings.region, settings.account, settings.rest_url)


def _print_urls(settings: Settings, progress: Progress) -> None:
    state = os.path.relpath(settings.state)
    progress.say("Taskbell is ready. Ctrl-C stops it.")
    for what, where in (
        ("Planner", f"http://{LOOPBACK}:{settings.port}/"),
        ("API explorer", f"http://{LOOPBACK}:{settings.port}/graphiql"),
        ("Operations", f"http://{LOOPBACK}:{settings.port}/ops"),
        ("GraphQL", settings.graphql_url),
        ("over TLS", f"{settings.tls_url}  (authority: {state}/tls/authority.pem)"),
        ("HTTP API", f"{settings.rest_url}/docs"),
        ("Keys, users", f"{state}/{CONNECTION}"),
        ("Function logs", f"{state}/logs/*.log"),
        ("AWS endpoint", f"{settings.aws_endpoint}  (AWS_CONFIG_FILE={state}/{AWS_CONFIG} AWS_PROFILE={AWS_PROFILE})"),
        ("Try it", f"{environment_for(settings)}.venv/bin/python examples/live_status.py"),
    ):
        print(f"            {what:<14} {where}", flush=True)


def environment_for(settings: Settings) -> str:
    """The prefix of a command that makes it find this system: nothing, or TASKBELL_STATE and a space."""
    usual = settings.state == Settings.state
    return "" if usual else f"TASKBELL_STATE={shlex.quote(os.fspath(settings.state))} "
