"""Swagger UI, served from the files of the Powertools package; the page loads nothing from other origins."""

from http import HTTPStatus
from pathlib import Path

import aws_lambda_powertools

from taskbell.rest.responses import HttpResponse

_FOLDER = Path(aws_lambda_powertools.__file__).parent / "event_handler/openapi/swagger_ui"
_FILES = {
    "swagger-ui-bundle.js": ("swagger-ui-bundle.min.js", "text/javascript; charset=utf-8"),
    "swagger-ui.css": ("swagger-ui.min.css", "text/css; charset=utf-8"),
}
_HTML = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Taskbell: HTTP API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
_START = 'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null });\n'
# Swagger UI needs inline styles and data URLs for icons; scripts and requests are limited to this origin.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)


def swagger_ui_file(name: str) -> HttpResponse | None:
    """Return the page (`index.html`) or one of its files; None for any other name."""
    if name == "index.html":
        return _response(_HTML, "text/html; charset=utf-8")
    if name == "start.js":
        return _response(_START, "text/javascript; charset=utf-8")
    if name not in _FILES:
        return None
    file, content_type = _FILES[name]
    return _response((_FOLDER / file).read_text(encoding="utf-8"), content_type)


def _response(body: str, content_type: str) -> HttpResponse:
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
    return HttpResponse(status_code=HTTPStatus.OK, content_type=content_type, body=body, headers={**headers})
