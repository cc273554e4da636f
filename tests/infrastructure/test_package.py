"""The functions' package holds the code that runs in Lambda and what it needs, and starts fast there."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from infrastructure import build_package
from tests.infrastructure.compiled import Properties

UNCHECKED_HASH = 0b01  # PEP 552: a hash instead of a date, and nobody compares it
# Byte code is of one Python, and setting up asks for no second one: without it the package is built without byte code.
compiler = build_package.find_compiler()
needs_compiler = pytest.mark.skipif(compiler is None, reason=f"needs a Python {build_package.PYTHON} on this machine")


@pytest.fixture
def dependencies(tmp_path: Path) -> Path:
    """A folder as pip leaves it."""
    folder = tmp_path / "dependencies"
    for name in (
        "bin/jp.py",
        "library/__init__.py",
        "library/__init__.pyi",
        "library/tests/test_library.py",
        "library-1.0.dist-info/RECORD",
        "library-1.0.dist-info/METADATA",
        "library-1.0.dist-info/licenses/LICENSE",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "botocore/data/dynamodb/2012-08-10/examples-1.json",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_the_package_is_built_for_what_the_functions_run_on(of_type: Callable[[str], dict[str, Properties]]) -> None:
    functions = of_type("AWS::Lambda::Function").values()
    assert {function["Runtime"] for function in functions} == {f"python{build_package.PYTHON}"}
    (architectures,) = {tuple(function["Architectures"]) for function in functions}
    assert set(architectures) <= set(build_package.ARCHITECTURES)


def test_the_package_holds_the_entry_points_and_the_package_without_what_only_people_use(
    checkout: Path, tmp_path: Path
) -> None:
    build_package.assemble([], None, tmp_path / "package.zip")
    modules = {
        module.relative_to(root).as_posix()
        for root, package in ((checkout / "src", "taskbell"), (checkout, "resolvers"), (checkout, "processors"))
        for module in (root / package).rglob("*.py")
        if not module.is_relative_to(checkout / "src/taskbell/cli")
        and not module.is_relative_to(checkout / "src/taskbell/graphql_schema")
    }
    swagger_ui = {f"taskbell/rest/swagger_ui_dist/{name}" for name in build_package.SWAGGER_UI}
    assert set(_names(tmp_path / "package.zip")) == modules | swagger_ui


def test_the_package_holds_swagger_ui_as_it_is_locked_and_no_other(checkout: Path, tmp_path: Path) -> None:
    powertools = tmp_path / "dependencies/aws_lambda_powertools/event_handler/openapi/swagger_ui"
    powertools.mkdir(parents=True)
    (powertools / "swagger-ui-bundle.min.js").touch()
    build_package.trim(tmp_path / "dependencies")
    build_package.assemble([tmp_path / "dependencies"], None, tmp_path / "functions.zip")
    with zipfile.ZipFile(tmp_path / "functions.zip") as package:
        found = [name for name in package.namelist() if "swagger-ui" in name]
        assert found == [f"taskbell/rest/swagger_ui_dist/{name}" for name in build_package.SWAGGER_UI]
        for name in build_package.SWAGGER_UI:
            installed = checkout / "node_modules/swagger-ui-dist" / name
            assert package.read(f"taskbell/rest/swagger_ui_dist/{name}") == installed.read_bytes()


def test_the_wheel_has_the_package_alone_with_its_types_and_its_command(checkout: Path, tmp_path: Path) -> None:
    build = (sys.executable, "-m", "uv", "build", "--wheel", "--offline", "--no-build-isolation")
    subprocess.run(
        [*build, "--python", sys.executable, "--out-dir", tmp_path, checkout], check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("taskbell-*.whl")
    names = _names(wheel)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"taskbell"}
    assert "taskbell/py.typed" in names
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [archive.read(name).decode() for name in names if name.endswith("entry_points.txt")]
    assert entry_points.strip() == "[console_scripts]\ntaskbell = taskbell.cli:main"


def test_equal_sources_make_equal_packages_whatever_their_dates(dependencies: Path, tmp_path: Path) -> None:
    build_package.pack([dependencies], tmp_path / "first.zip")
    for path in dependencies.rglob("*"):
        os.utime(path, (1, 1))
    build_package.pack([dependencies], tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_what_no_function_reads_is_left_out_and_licences_stay(dependencies: Path) -> None:
    build_package.trim(dependencies)
    assert {path.relative_to(dependencies).as_posix() for path in dependencies.rglob("*") if path.is_file()} == {
        "library/__init__.py",
        "library-1.0.dist-info/METADATA",
        "library-1.0.dist-info/licenses/LICENSE",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
    }


def test_the_package_knows_every_service_that_a_function_calls(checkout: Path) -> None:
    texts = [module.read_text() for module in (checkout / "src/taskbell/adapters").rglob("*.py")]
    texts.append((checkout / "src/taskbell/bootstrap.py").read_text())
    called = {service for text in texts for service in re.findall(r'client(?:s\(\))?\("([\w-]+)"\)', text)}
    assert {"cognito-idp", "dynamodb", "dynamodbstreams", "lambda", "sqs", "stepfunctions"} <= called
    assert called <= set(build_package.AWS_SERVICES)


def test_only_the_functions_of_calendars_load_what_reads_and_writes_calendars(checkout: Path) -> None:
    program = (
        "import sys; from resolvers import find_students, follow_calendars, manage_dead_letters; "
        "from resolvers import read_tasks, write_tasks; from taskbell.rest import app; "
        "from processors import advance_task, fetch_calendars, forward_changes, handle_events; "
        "from processors import push_notifications, schedule_fetches; "
        "print('icalendar' in sys.modules); from taskbell.rest import calendar; print('icalendar' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-central-1"}
    told = subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["False", "True"]


@needs_compiler
def test_every_module_has_byte_code_that_no_date_makes_stale(tmp_path: Path) -> None:
    package = tmp_path / "package.zip"
    build_package.assemble([], compiler, package)
    names = _names(package)
    version = build_package.PYTHON.replace(".", "")
    with zipfile.ZipFile(package) as archive:
        for module in (Path(name) for name in names if name.endswith(".py")):
            code = archive.read(f"{module.parent}/__pycache__/{module.stem}.cpython-{version}.pyc")
            assert int.from_bytes(code[4:8], "little") == UNCHECKED_HASH, module
            assert f"/var/task/{module}".encode() in code


@needs_compiler
def test_the_same_input_is_the_same_package_in_any_folder_at_any_time_for_any_user(
    checkout: Path, dependencies: Path, tmp_path: Path
) -> None:
    (dependencies / "library/__init__.py").write_text("NAMES = {'a', 'b'}\nprint('c' in {'d', 'e', 'f'})\n")
    places = (tmp_path / "first", tmp_path / "some/other/place")
    packages = [
        _build_elsewhere(checkout, dependencies, place, seconds=seconds, umask=umask, TZ=zone, PYTHONHASHSEED=seed)
        for place, seconds, umask, zone, seed in zip(
            places, (1, 1_700_000_000), (0o022, 0o077), ("UTC", "Asia/Tokyo"), ("1", "2"), strict=True
        )
    ]
    assert packages[0] == packages[1]


def _build_elsewhere(
    checkout: Path, dependencies: Path, place: Path, *, seconds: int, umask: int, **environment: str
) -> bytes:
    """Build from copies of the sources and the dependencies, with their dates; the bytes of the package."""
    for name in ("src", "resolvers", "processors", "infrastructure"):
        shutil.copytree(checkout / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "schema.graphql"):
        shutil.copyfile(checkout / name, place / name)
    shutil.copytree(dependencies, place / "dependencies")
    (place / "node_modules").symlink_to(checkout / "node_modules")
    for path in place.rglob("*"):
        os.utime(path, (seconds, seconds), follow_symlinks=False)
    program = (
        "from pathlib import Path; from infrastructure import build_package as build; "
        "compiler, folder = build.find_compiler(), Path('dependencies').resolve(); build.trim(folder); "
        "build.compile_all(compiler, folder); build.assemble([folder], compiler, Path('functions.zip').resolve())"
    )
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=place, env={**os.environ, **environment}, umask=umask, check=True, capture_output=True,
    )  # fmt: skip
    return (place / "functions.zip").read_bytes()


def _names(package: Path) -> list[str]:
    with zipfile.ZipFile(package) as archive:
        return archive.namelist()
