"""The process that ministack runs in, by .venv-aws' interpreter.

ministack is pinned exactly. Before it starts it is patched here, by the standard library and `local.ministack_patches`
alone: it serves only signed requests, runs only this checkout's code, ends with its parent, saves its state in commits
while it runs, limits the processes of a function, retries a failed stream batch as Lambda does, measures how old
batches of streams and messages are, and lets nobody sign up where only administrators make accounts. A later version
that renames what is patched fails at the start.
"""

import json
import os
import runpy
from pathlib import Path

from local.credentials import FUNCTIONS
from local.ministack_patches.checkout_code import CheckoutCode, run_own_code, start_no_other_process
from local.ministack_patches.durability.state import State
from local.ministack_patches.fifo_queues import treat_fifo_as_sqs
from local.ministack_patches.invocations import FunctionInvocations, kill_functions
from local.ministack_patches.latency import cache_key_conditions, disable_nagle, poll_without_pause
from local.ministack_patches.metrics import measure_queues
from local.ministack_patches.shutdown import begin_at_signal, end_with_parent, save_and_stop
from local.ministack_patches.signature_verification import Ministack, serve_signed_requests_only
from local.ministack_patches.user_pools import refuse_sign_up
from local.ministack_patches.waits import wait_for_whole_seconds
from local.settings import CHECKOUT
from local.workers.package import bootstrap_script


def main() -> None:
    """Patch ministack, and run it until it is stopped."""
    logs, folder = Path(os.environ["TASKBELL_LOGS"]), Path(os.environ["STATE_DIR"])
    secrets = Path(os.environ.pop("TASKBELL_SECRETS"))
    secret = json.loads(secrets.read_text())["awsSecretKey"]
    end_with_parent()
    begun = begin_at_signal()
    disable_nagle()
    cache_key_conditions()
    poll_without_pause()
    refuse_sign_up()
    wait_for_whole_seconds()
    treat_fifo_as_sqs()
    measure_queues()
    ministack = Ministack(os.environ["MINISTACK_ACCOUNT_ID"], secret)
    run_own_code(CheckoutCode(bootstrap_script(CHECKOUT / ".venv/bin/python", logs), secrets.with_name(FUNCTIONS)))
    start_no_other_process()
    FunctionInvocations(logs, begun)
    save_and_stop(State(folder, begun), kill_functions)
    serve_signed_requests_only(ministack)
    runpy.run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    main()
