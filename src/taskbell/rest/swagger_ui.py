"""Swagger UI; the page loads nothing from other origins.

Its two files are those of the npm package swagger-ui-dist, which the build of the functions' package puts beside this
module. In a checkout they are not there: the local HTTP API serves them itself.
"""

from http import HTTPStatus
from pathlib import Path

from taskbell.rest.responses import HttpResponse

FOLDER = Path(__file__).with_name("swagger_ui_dist")
FILES = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
_HTML = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Taskbell: HTTP API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <style>
    @media (max-width: 40rem) {  /* a phone: the cells of a table below each other */
      #page .wrapper { padding: 0 0.5rem; }
      #page table:is(.parameters, .responses-table) :is(tbody, tr, td) { display: block; width: auto; padding: 4px 0; }
      #page table:is(.parameters, .responses-table) :is(thead, .response-col_links) { display: none; }
      #page table:is(.parameters, .responses-table) :is(input, select, textarea) { max-width: 100%; width: 100%; }
    }
  </style>
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
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)


def swagger_ui_file(name: str) -> HttpResponse | None:
    """Return the page (`index.html`) or one of its files; None for any other name."""
    if name == "index.html":
        return _response(_HTML, "text/html; charset=utf-8")
    if name == "start.js":
        return _response(_START, "text/javascript; charset=utf-8")
    file = FOLDER / name
    if name not in FILES or not file.is_file():
        return None
    return _response(file.read_text(encoding="utf-8"), FILES[name])


def _response(body: str, content_type: str) -> HttpResponse:
    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
    return HttpResponse(status_code=HTTPStatus.OK, content_type=content_type, body=body, headers={**headers})
