"""`python -m local.check_deployment`: validates the templates and the workflow for `make check`.

cfn-lint validates the compiled template and those beside it, asl-validator the workflow.
"""

import asyncio
import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path

from local.compilation import CompilationError, compile_template
from local.progress import fail
from local.settings import CHECKOUT, Settings

BESIDE = [CHECKOUT / "infrastructure" / name for name in ("pipeline.yml", "web.yml")]
STATE = CHECKOUT / ".build" / "check"
BIN = Path(sys.executable).parent


def main() -> int:
    """Run every check, print what is wrong, and return how many failed."""
    scratch = STATE / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        compiled, _ = asyncio.run(compile_template(dataclasses.replace(Settings(), state=STATE)))
        template = scratch / "compiled.json"
        template.write_text(json.dumps(compiled))
        return sum([_cfn_lint(template, *BESIDE), _validate_workflows()])
    except CompilationError as error:
        fail(str(error))
        return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _cfn_lint(*templates: Path) -> int:
    return subprocess.run([BIN / "cfn-lint", "--template", *templates], cwd=CHECKOUT, check=False).returncode != 0


def _validate_workflows() -> int:
    workflows = sorted((CHECKOUT / "infrastructure").glob("*.asl.yml"))
    arguments = [argument for file in workflows for argument in ("--yaml-path", file)]
    validator = CHECKOUT / "node_modules/.bin/asl-validator"
    return subprocess.run([validator, *arguments, "--no-arn-check"], check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
