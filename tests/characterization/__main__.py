"""`python -m tests.characterization` runs this suite; with --update it writes the golden files anew.

Look at `git diff` after an update: each line of it is something that outsiders will see. All that the suite knows of
the project's modules is in `subjects.py`.
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
    parser.add_argument("--update", action="store_true", help="write the golden files anew")
    if parser.parse_args().update:
        shutil.rmtree(FOLDER, ignore_errors=True)
        os.environ[UPDATE] = "1"
    return int(pytest.main([os.fspath(Path(__file__).parent), "-q"]))


if __name__ == "__main__":
    sys.exit(main())
