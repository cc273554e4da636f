"""Restricts Lambda's Runtime API, which each function's process has at a port of its own, to that process's user.

ministack serves it to any client. A web page could take a function's next event there, and a program of another user
respond to it.
"""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TypeVar

from local.loopback import is_loopback, is_same_user

_OF_BROWSERS = ("origin", "referer", "sec-fetch-site", "accept-language")
Handler = TypeVar("Handler", bound=BaseHTTPRequestHandler)


def restrict_to_own_user(handler: type[Handler]) -> type[Handler]:
    """Return a request handler that serves only programs of this user."""

    class OwnPrograms(handler):  # type: ignore[valid-type, misc]
        _same_user: bool | None = None

        def parse_request(self) -> bool:
            """Parse a request; return whether to serve it, as the standard library expects."""
            if not super().parse_request():
                return False
            if self._is_own():
                return True
            self.close_connection = True
            self.send_error(HTTPStatus.FORBIDDEN)
            return False

        def _is_own(self) -> bool:
            hosts = self.headers.get_all("host", [])
            if len(hosts) != 1 or not is_loopback(hosts[0]) or any(name in self.headers for name in _OF_BROWSERS):
                return False
            if self._same_user is None:
                self._same_user = is_same_user(self.client_address, self.connection.getsockname())
            return self._same_user

    return OwnPrograms
