"""Makes the state folder, which holds secrets, readable by its owner alone."""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class StateFolderError(Exception):
    """The state folder belongs to another user, or others can write to it."""


def make_private(state: Path) -> None:
    """Restrict the state folder, and all that this process and its children write from now on, to this user.

    Raises StateFolderError when the folder belongs to another user.
    """
    os.umask(_OTHERS)
    if not state.exists():
        return
    if state.stat().st_uid != os.getuid():
        raise StateFolderError(f"{state} belongs to another user. Choose a folder of your own with TASKBELL_STATE.")
    for path in [state, *state.rglob("*")]:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
