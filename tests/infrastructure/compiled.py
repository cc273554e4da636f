"""Compiles serverless.yml with `osls package`, without credentials or a network."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = ("serverless.yml", "infrastructure", "schema.graphql")
NOBODY_LISTENS = "http://127.0.0.1:9"
EMPTY_ZIP = b"PK\5\6" + bytes(18)

Template = dict[str, Any]
Properties = dict[str, Any]


def compile_template(stage: str, service: Path) -> Path:
    """Compile a stage in a folder of its own, unless that has been done; the file that holds its template."""
    template = service / ".serverless/cloudformation-template-update-stack.json"
    if template.exists():
        return template
    service.mkdir()
    for source in SOURCES:
        copy = shutil.copytree if (CHECKOUT / source).is_dir() else shutil.copyfile
        copy(CHECKOUT / source, service / source)
    (service / "node_modules").symlink_to(CHECKOUT / "node_modules")
    (service / "functions.zip").write_bytes(EMPTY_ZIP)
    osls = subprocess.run(
        ["node_modules/.bin/osls", "package", "--stage", stage],
        cwd=service,
        env=_environment_without_aws(service),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert osls.returncode == 0, osls.stdout + osls.stderr
    return template


def _environment_without_aws(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "CI": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTP_PROXY": NOBODY_LISTENS,
        "HTTPS_PROXY": NOBODY_LISTENS,
        "TASKBELL_ARTIFACT": "functions.zip",
    }
