"""The reference sync client, compiled."""

import fcntl
import subprocess
from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]
SYNC_CLIENT = _CHECKOUT / "packages" / "sync-client"


def build_sync_client() -> Path:
    """Compile the client and its tests, one process at a time; the folder of the result."""
    (_CHECKOUT / ".build").mkdir(exist_ok=True)
    with (_CHECKOUT / ".build" / "sync-client.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compiler = _CHECKOUT / "node_modules" / ".bin" / "tsc"
        done = subprocess.run([compiler, "--project", SYNC_CLIENT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return SYNC_CLIENT / "dist"
