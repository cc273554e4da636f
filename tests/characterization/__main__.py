"""`python -m tests.characterization` runs this suite; --update rewrites the golden files.

Read `git diff` after an update: each line is a change that clients or operators see. Only `subjects.py` depends on the
project's modules.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.characterization.golden import FOLDER, UPDATE


def main() -> int:
    """Run or update; pytest's exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.characterization", description=__doc__)
    parser.add_argument("--update", action="store_true", help="rewrite the golden files")
    if parser.parse_args().update:
        shutil.rmtree(FOLDER, ignore_errors=True)
        os.environ[UPDATE] = "1"
    return int(pytest.main([os.fspath(Path(__file__).parent), "-q"]))


if __name__ == "__main__":
    sys.exit(main())
