"""A request and its Signature Version 4, as they were sent: nothing here is verified."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[A-Za-z0-9]+)/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[a-z0-9;_-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_QUERY = ("Algorithm", "Credential", "Date", "SignedHeaders", "Signature")
_QUERY_CREDENTIALS = frozenset({"x-amz-credential", "x-amz-signature", "awsaccesskeyid", "signature"})
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Request:
    """An HTTP request, with names of headers in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Signature:
    """The unverified signature of a request."""

    key: str
    date: str
    region: str
    service: str
    headers: str
    signature: str
    at: str
    token: str | None = field(repr=False)
    presigned: bool


class AccessError(Exception):
    """The request is rejected; `code` is AWS's error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def parse_signature(request: Request) -> Signature:
    """Read the request's one signature; raises AccessError when there is none, or it is not a whole one."""
    authorization = request.headers.get("authorization")
    in_query = _QUERY_CREDENTIALS & {name.lower() for name in request.query}
    if authorization is None and not in_query:
        raise AccessError("MissingAuthenticationToken", "Request is missing Authentication Token")
    if authorization is not None and in_query:
        raise AccessError("IncompleteSignature", "Credentials are in the header and in the query string.")
    signature = _in_query(request) if authorization is None else _in_header(request, authorization)
    if "host" not in signature.headers.split(";"):
        raise AccessError("IncompleteSignature", "'Host' must be a 'SignedHeader' in the AWS Authorization.")
    declared = request.headers.get("x-amz-content-sha256", "")
    if _HASH.fullmatch(declared) and not hmac.compare_digest(declared, hashlib.sha256(request.body).hexdigest()):
        raise AccessError("SignatureDoesNotMatch", "The body is not the one that was signed.")
    return signature


def _in_header(request: Request, authorization: str) -> Signature:
    match = _HEADER.fullmatch(authorization)
    at = request.headers.get("x-amz-date", "")
    if match is None or not at:
        raise AccessError("IncompleteSignature", "The Authorization header is not a whole Signature Version 4.")
    return Signature(**match.groupdict(), at=at, token=request.headers.get("x-amz-security-token"), presigned=False)


def _in_query(request: Request) -> Signature:
    names = Counter(name.lower() for name in request.query)
    values = {name: request.query.get(f"X-Amz-{name}", []) for name in _QUERY}
    if any(len(value) != 1 for value in values.values()) or any(count > 1 for count in names.values()):
        raise AccessError("IncompleteSignature", "The query string does not hold one whole Signature Version 4.")
    only = {name: value for name, (value,) in values.items()}
    text = f"{only['Algorithm']} Credential={only['Credential']}, SignedHeaders={only['SignedHeaders']}"
    match = _HEADER.fullmatch(f"{text}, Signature={only['Signature']}")
    if match is None:
        raise AccessError("IncompleteSignature", "The query string does not hold a whole Signature Version 4.")
    token = request.query.get("X-Amz-Security-Token", [None])[0]
    return Signature(**match.groupdict(), at=only["Date"], token=token, presigned=True)
