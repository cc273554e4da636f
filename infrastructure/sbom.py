"""Writes the software bill of materials (SBOM) of the functions' package: CycloneDX 1.6, as JSON.

It is read from the package itself: what is not in there is not listed, and its hash says which package is described.
Equal packages have equal documents, so there is no timestamp, and the serial number is made from the hash.
"""

import hashlib
import json
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

VERSION = SchemaVersion.V1_6
SWAGGER_UI = "swagger-ui-dist"
_METADATA = ".dist-info/METADATA"
_licenses = LicenseFactory()


def write_sbom(package: Path, output: Path, checkout: Path) -> None:
    """Write the bill of materials of `package`; versions of npm packages are those that the checkout has locked.

    Raises:
        ValueError: The document would not be valid CycloneDX.
    """
    bom = Bom(components=_components(package, checkout))
    digest = HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(package.read_bytes()).hexdigest())
    bom.metadata.component = Component(
        name="taskbell", type=ComponentType.APPLICATION, bom_ref="taskbell", hashes=[digest]
    )
    bom.serial_number = uuid5(NAMESPACE_URL, digest.content)
    bom.register_dependency(bom.metadata.component, bom.components)
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    text = json.dumps(document, indent=2, sort_keys=True) + "\n"
    if error := JsonStrictValidator(VERSION).validate_str(text):
        raise ValueError(f"The bill of materials is invalid: {error}")
    output.write_text(text, encoding="utf-8")


def _components(package: Path, checkout: Path) -> Iterator[Component]:
    with ZipFile(package) as archive:
        names = archive.namelist()
        for name in names:
            if name.endswith(_METADATA):
                yield _distribution(Parser().parsestr(archive.read(name).decode()))
    if any("/swagger_ui_dist/" in name for name in names):
        yield _swagger_ui(json.loads((checkout / "package-lock.json").read_text(encoding="utf-8")))


def _distribution(metadata: Message) -> Component:
    """A Python distribution, with its licence if that is one expression."""
    name, version = str(metadata["Name"]), str(metadata["Version"])
    expression = metadata["License-Expression"] or metadata["License"]
    licence = str(expression) if expression and "\n" not in expression else None
    return _library(PackageURL("pypi", name=name, version=version), licence)


def _swagger_ui(lock: dict[str, dict[str, dict[str, str]]]) -> Component:
    package = lock["packages"][f"node_modules/{SWAGGER_UI}"]
    return _library(PackageURL("npm", name=SWAGGER_UI, version=package["version"]), package.get("license"))


def _library(purl: PackageURL, licence: str | None) -> Component:
    return Component(
        name=purl.name,
        version=purl.version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=[_licenses.make_from_string(licence)] if licence else None,
    )
