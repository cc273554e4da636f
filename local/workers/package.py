"""The code of every function on the local AWS: one shell script that starts Python on the working tree.

botocore speaks to CloudWatch by the newest of three protocols, Smithy RPC v2 CBOR, for which ministack can evaluate no
policy of a role. The files in `models` have it speak AWS JSON instead, as the functions do to other services (botocore
loads them by AWS_DATA_PATH).
"""

import io
import shlex
import zipfile
from pathlib import Path

from local.settings import CHECKOUT

MODELS = CHECKOUT / "local/workers/models"


def bootstrap_script(python: Path, logs: Path) -> str:
    """Return the script; the Runtime API's address, role credentials and `_HANDLER` are in its environment."""
    environment = {
        "PYTHONPATH": CHECKOUT,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TASKBELL_LOGS": logs,
        "AWS_DATA_PATH": MODELS,
    }
    exports = "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in environment.items())
    start = f"exec {shlex.quote(str(python))} -m awslambdaric local.workers.worker.handle\n"
    return f"#!/bin/sh\n{exports}{start}"


def function_zip(script: str) -> bytes:
    """Return a zip with the script as `bootstrap`; deterministic."""
    entry = zipfile.ZipInfo("bootstrap", date_time=(2020, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, script)
    return buffer.getvalue()
