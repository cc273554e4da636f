"""The process that ministack runs in, by .venv-aws' interpreter.

ministack is pinned exactly. Before it starts it is patched here, by the standard library and `local.ministack_patches`
alone: it serves only signed requests, runs only this checkout's code, ends with its parent and in order, persists the
state that it would lose, limits the processes of a function, retries a failed stream batch as Lambda does, and lets
nobody sign up where only administrators make accounts. A later version that renames what is patched fails at the start.
"""

import json
import os
import runpy
from pathlib import Path

from local.credentials import FUNCTIONS
from local.ministack_patches.checkout_code import CheckoutCode, run_own_code, start_no_other_process
from local.ministack_patches.invocations import FunctionInvocations
from local.ministack_patches.latency import cache_key_conditions, disable_nagle, poll_without_pause
from local.ministack_patches.persistence import keep_executions, keep_stream_records, save_with_c_encoder
from local.ministack_patches.shutdown import end_with_parent, stop_in_order
from local.ministack_patches.signature_verification import Ministack, serve_signed_requests_only
from local.ministack_patches.user_pools import refuse_sign_up
from local.settings import CHECKOUT
from local.workers.package import bootstrap_script


def main() -> None:
    """Patch ministack, and run it until it is stopped."""
    logs, state = Path(os.environ["TASKBELL_LOGS"]), Path(os.environ["STATE_DIR"])
    secrets = Path(os.environ.pop("TASKBELL_SECRETS"))
    secret = json.loads(secrets.read_text())["awsSecretKey"]
    end_with_parent()
    disable_nagle()
    keep_stream_records()
    keep_executions(state / "interrupted.json")
    cache_key_conditions()
    save_with_c_encoder()
    poll_without_pause()
    refuse_sign_up()
    ministack = Ministack(os.environ["MINISTACK_ACCOUNT_ID"], secret)
    run_own_code(CheckoutCode(bootstrap_script(CHECKOUT / ".venv/bin/python", logs), secrets.with_name(FUNCTIONS)))
    start_no_other_process()
    stop_in_order(FunctionInvocations(logs).drain)
    serve_signed_requests_only(ministack)
    runpy.run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    main()
