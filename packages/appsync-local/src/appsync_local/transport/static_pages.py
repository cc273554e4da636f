"""Static pages beside the API: a folder that a frontend's tools built."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from appsync_local.headers import Headers

_TEXT = {"text/html", "text/javascript", "text/css"}
_KINDS = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".ttf": "font/ttf"}


@dataclass(frozen=True, slots=True)
class StaticPages:
    """A folder whose files are served, `/x` and `/x/` as its `x/index.html`; names with a leading dot are not.

    Attributes:
        folder: What a frontend's build wrote. It is read at each request, so another build is served at once.
        headers: The security headers of a path, such as Content-Security-Policy.
        immutable: Files below this path never change, because their names hold a hash of their contents.
    """

    folder: Path
    headers: Callable[[str], Headers]
    immutable: str = "/assets/"

    def find(self, path: str) -> tuple[bytes, Headers] | None:
        """Return the content of a path and its headers; None when there is no such file."""
        file = self._file(path)
        if file is None:
            return None
        kind = _KINDS.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        caching = "public, max-age=31536000, immutable" if path.startswith(self.immutable) else "no-cache"
        headers = [
            (b"content-type", f"{kind}; charset=utf-8".encode() if kind in _TEXT else kind.encode()),
            (b"cache-control", caching.encode()),
            *self.headers(path),
        ]
        return file.read_bytes(), headers

    def _file(self, path: str) -> Path | None:
        names = [name for name in path.split("/") if name]
        if any(name.startswith(".") or "\0" in name or "\\" in name for name in names):
            return None
        place = self.folder.joinpath(*names)
        found = (place, place / "index.html") if names else (place / "index.html",)
        return next((file for file in found if file.is_file()), None)
