"""The state folder holds secrets, whoever writes them: nobody else may look into it, or at any file in it."""

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class StateFolderError(Exception):
    """The state folder belongs to somebody else, or others could change what is in it."""


def make_private(state: Path) -> None:
    """Have everything that this process and its children write be for its user alone, and what is there already.

    Raises StateFolderError when the folder is another user's.
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
