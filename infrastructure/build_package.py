"""Builds the functions' package: entry points, the package that pyproject.toml describes, the locked requirements.

Everything that a function does not need is left out, and byte code goes along with unchecked hashes, because
both are paid at every cold start: the package is read-only there, so Python can neither keep byte code that it
compiled nor trust dates that an archive changed. Two builds of the same sources give the same bytes, wherever and
whenever they are made. Beside the package lies its bill of materials, functions.cdx.json (CycloneDX).

Run: python -m infrastructure.build_package [--architecture arm64] [--output .build/functions.zip]
"""

import argparse
import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from infrastructure.sbom import write_sbom

CHECKOUT = Path(__file__).resolve().parents[1]
LOCK = CHECKOUT / "requirements/runtime.txt"
ENTRY_POINTS = ("resolvers", "processors")
NOT_FOR_FUNCTIONS = ("taskbell/cli", "taskbell/graphql_schema")
SWAGGER_UI = ("swagger-ui-bundle.js", "swagger-ui.css")  # of the npm package swagger-ui-dist
PYTHON = "3.13"
ARCHITECTURES = {"arm64": "aarch64", "x86_64": "x86_64"}
LAMBDAS_GLIBC = "manylinux_2_34"
AWS_SERVICES = (
    *("cloudwatch", "cognito-idp", "dynamodb", "dynamodbstreams", "lambda", "secretsmanager", "sqs", "ssm"),
    *("stepfunctions", "sts"),
)
UV_INSTALL = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable, "--no-deps")
PACKED_AT = (1980, 1, 1, 0, 0, 0)
SBOM_SUFFIX = ".cdx.json"  # CycloneDX's recommended name

# Examples, markers, and Powertools' own copy of Swagger UI.
_UNREAD = {".lock", "examples-1.json", "py.typed", "swagger-ui-bundle.min.js", "swagger-ui.min.css"}

log = logging.getLogger("package")


class CannotBuild(Exception):
    """The package cannot be built; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the package and say where it is; 1 and one line when that is not possible."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description="Builds the functions' package.")
    parser.add_argument("--architecture", choices=ARCHITECTURES, default="arm64")
    parser.add_argument("--output", type=Path, default=CHECKOUT / ".build/functions.zip")
    options = parser.parse_args(arguments)
    try:
        build(options.architecture, options.output)
        write_sbom(options.output, options.output.with_suffix(SBOM_SUFFIX), CHECKOUT)
    except CannotBuild as problem:
        log.error("%s", problem)
        return 1
    log.info("%s: %.1f MB", options.output, options.output.stat().st_size / 1e6)
    return 0


def build(architecture: str, output: Path) -> None:
    """Write the package of one architecture to `output`; downloads only when the lock has changed."""
    compiler = find_compiler()
    if compiler is None:
        log.warning(
            "WARNING: no Python %s here, so the package has no byte code and starts three times slower.", PYTHON
        )
    assemble([_dependencies(architecture, compiler)], compiler, output)


def assemble(dependencies: Sequence[Path], compiler: Path | None, output: Path) -> None:
    """Write the sources, compiled if there is a compiler, and the folders of dependencies to `output`."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as temporary:
        sources = Path(temporary, "sources")
        _install_package(sources)
        _copy_swagger_ui(sources / "taskbell/rest/swagger_ui_dist")
        for entry_point in ENTRY_POINTS:
            _copy_sources(CHECKOUT / entry_point, sources / entry_point)
        if compiler:
            compile_all(compiler, sources)
        packed = Path(temporary, "package.zip")
        pack([*dependencies, sources], packed)
        packed.replace(output)


def find_compiler() -> Path | None:
    """A Python of the functions' version, for byte code of another version is ignored; None when there is none."""
    candidates = [sys.executable, shutil.which(f"python{PYTHON}")]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    candidates += [str(path) for path in sorted(pyenv.glob(f"{PYTHON}.*/bin/python"))]
    candidates.append(_known_to_uv())
    for candidate in candidates:
        if candidate and _output(candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])") == PYTHON:
            return Path(candidate)
    return None


def compile_all(compiler: Path, folder: Path) -> None:
    """Compile every module with an unchecked hash, as if it lay where Lambda puts it."""
    _run(
        compiler, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
        "-s", folder, "-p", "/var/task", folder,
    )  # fmt: skip


def trim(folder: Path) -> None:
    """Remove what no function reads: command-line tools, tests, stubs, and other services' models."""
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and (path.name in {"tests", "__pycache__"} or _is_other_service(path, folder)):
            shutil.rmtree(path)
        elif path.suffix == ".pyi" or path.name in _UNREAD or _is_installers_note(path):
            path.unlink()


def pack(folders: Sequence[Path], output: Path) -> None:
    """Write the folders' files to one archive: sorted, and with the same date, so that equal content is equal bytes."""
    files = sorted((path.relative_to(folder).as_posix(), path) for folder in folders for path in _files(folder))
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in files:
            entry = zipfile.ZipInfo(name, PACKED_AT)
            entry.create_system, entry.compress_type, entry.external_attr = 3, zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, path.read_bytes())


def _dependencies(architecture: str, compiler: Path | None) -> Path:
    """The folder with the trimmed requirements; made again when the lock or this file has changed."""
    folder = CHECKOUT / ".build/dependencies" / architecture
    stamp = folder.with_suffix(".stamp")
    wanted = hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes() + bool(compiler).to_bytes()).hexdigest()
    if folder.is_dir() and stamp.is_file() and stamp.read_text() == wanted:
        return folder
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    _install(architecture, folder)
    trim(folder)
    if compiler:
        compile_all(compiler, folder)
    stamp.write_text(wanted)
    return folder


def _install_package(folder: Path) -> None:
    """Install the wheel of this checkout; its build backend is among the locked requirements of development."""
    _run(*UV_INSTALL, "--no-cache", "--offline", "--no-build-isolation", f"--target={folder}", CHECKOUT)
    trim(folder)
    for part in (*NOT_FOR_FUNCTIONS, *(path.name for path in folder.glob("*.dist-info"))):
        shutil.rmtree(folder / part)


def _install(architecture: str, folder: Path) -> None:
    log.info("Fetching the locked requirements for Python %s on %s ...", PYTHON, architecture)
    _run(
        *UV_INSTALL, "--require-hashes", "--only-binary=:all:", f"--python-version={PYTHON}",
        f"--python-platform={ARCHITECTURES[architecture]}-{LAMBDAS_GLIBC}",
        f"--target={folder}", f"--requirement={LOCK}",
    )  # fmt: skip


def _is_other_service(path: Path, folder: Path) -> bool:
    """Whether a folder holds the models of a service that no function calls; files beside them belong to all."""
    return path.parent in {folder / "botocore/data", folder / "boto3/data"} and path.name not in AWS_SERVICES


def _is_installers_note(path: Path) -> bool:
    return path.parent.suffix == ".dist-info" and path.name in {"INSTALLER", "RECORD", "REQUESTED", "WHEEL"}


def _copy_swagger_ui(folder: Path) -> None:
    folder.mkdir()
    for name in SWAGGER_UI:
        source = CHECKOUT / "node_modules/swagger-ui-dist" / name
        if not source.is_file():
            raise CannotBuild(f"{source} is not there; `make setup` installs it.")
        shutil.copyfile(source, folder / name)


def _copy_sources(folder: Path, target: Path) -> None:
    for source in sorted(folder.rglob("*.py")):
        copy = target / source.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    if not target.is_dir():
        raise CannotBuild(f"{folder} holds no module.")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _known_to_uv() -> str | None:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    return _output(uv, "python", "find", "--no-python-downloads", "--system", PYTHON) if uv else None


def _output(*command: str) -> str | None:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - its own arguments
    return answer.stdout.strip() if answer.returncode == 0 else None


def _run(*command: str | Path) -> None:
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - its own arguments
    if answer.returncode:
        raise CannotBuild(f"{Path(command[0]).name} failed:\n{answer.stdout}{answer.stderr}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
