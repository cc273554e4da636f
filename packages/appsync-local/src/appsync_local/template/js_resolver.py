"""The one APPSYNC_JS resolver that is supported without a JavaScript engine: it passes one argument through."""

from __future__ import annotations

import re

_COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_REQUEST = re.compile(
    r"(?:export )?function request\( ?(?P<context>\w+) ?\) ?\{ ?"
    r"return ?\{ ?payload: ?(?P=context)\.(?:args|arguments)\.(?P<argument>\w+) ?,? ?\} ?;? ?\} ?;?"
)
_RESPONSE = re.compile(
    r"(?:export )?function response\( ?(?P<context>\w+) ?\) ?\{ ?return (?P=context)\.result ?;? ?\} ?;?"
)
_EXPORT = re.compile(r"export ?\{ ?(?:request ?, ?response|response ?, ?request) ?,? ?\} ?;?")


def passed_through_argument(code: str) -> str | None:
    """Return the name of the argument that the code passes through, or None when it does anything else.

    Supported is `request` returning `{ payload: ctx.args.X }` and `response` returning `ctx.result`, as written by
    hand (`export function`) or as esbuild prints it (`export { request, response }`).
    """
    rest = " ".join(_COMMENTS.sub(" ", code).split())
    request = _REQUEST.search(rest)
    if request is None or not _RESPONSE.search(rest):
        return None
    for known in (_REQUEST, _RESPONSE, _EXPORT):
        rest = known.sub("", rest, count=1)
    return None if rest.strip() else request["argument"]
