"""Uploads built pages into the bucket that CloudFront serves, so that a page is never there before what it loads.

Files under `assets/` have the hash of their content in their names. They are cached for a year and stay in the bucket
for pages that are open; every other file is read anew with every request. A cut upload leaves whole pages, and running
it again completes it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path
from typing import Any

from taskbell.cli.errors import CommandError

CONFIGURATION = "amplify_outputs.json"
PAGES = ("index.html", "graphiql/index.html", "ops/index.html")
_ASSETS = "assets/"
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATED = "no-cache"
_TYPES = MimeTypes()  # of Python, not of the machine
for _suffix, _type in {".js": "text/javascript", ".ttf": "font/ttf", ".woff2": "font/woff2"}.items():
    _TYPES.add_type(_type, _suffix)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the site: its path there, its content and its media type."""

    key: str
    content: bytes

    @property
    def is_asset(self) -> bool:
        """Whether its name has the hash of its content."""
        return self.key.startswith(_ASSETS)

    @property
    def content_type(self) -> str:
        """Its media type, with the encoding of text."""
        kind = _TYPES.guess_type(self.key)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind in {"application/json", "application/manifest+json", "image/svg+xml"}
        return f"{kind}; charset=utf-8" if is_text else kind


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What an upload did: the paths of new and replaced files in their order, and how many were there already."""

    keys: list[str]
    kept: int


def upload(folder: Path, configuration: Mapping[str, Any], s3: Any, bucket: str) -> Uploaded:
    """Upload the build in a folder: assets first, pages last.

    Raises:
        CommandError: The folder holds no build.
    """
    files = _files(folder, configuration)
    there = _sizes(s3, bucket)
    new = [file for file in files if not file.is_asset or there.get(file.key) != len(file.content)]
    for file in new:
        s3.put_object(
            Bucket=bucket,
            Key=file.key,
            Body=file.content,
            ContentType=file.content_type,
            CacheControl=_IMMUTABLE if file.is_asset else _REVALIDATED,
        )
    return Uploaded([file.key for file in new], len(files) - len(new))


def _files(folder: Path, configuration: Mapping[str, Any]) -> list[File]:
    missing = [page for page in PAGES if not (folder / page).is_file()]
    if missing:
        raise CommandError(f"{folder} holds no build of the pages: {', '.join(missing)} is missing.")
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files = [File(key, path.read_bytes()) for key, path in found.items() if not _is_hidden(key)]
    own = File(CONFIGURATION, json.dumps(configuration, indent=2).encode())
    return sorted([own, *(file for file in files if file.key != CONFIGURATION)], key=_place)


def _is_hidden(key: str) -> bool:
    return any(part.startswith(".") for part in key.split("/"))


def _place(file: File) -> tuple[bool, bool, str]:
    return file.key in PAGES, not file.is_asset, file.key


def _sizes(s3: Any, bucket: str) -> dict[str, int]:
    """The sizes of the assets in the bucket by their paths."""
    return dict(_listed(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=_ASSETS)))


def _listed(pages: Any) -> Iterator[tuple[str, int]]:
    for page in pages:
        for item in page.get("Contents", []):
            yield item["Key"], item["Size"]
