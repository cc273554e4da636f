"""MkDocs hooks: the navigation follows the folders, and links to source files are checked.

Pages link to files of the checkout (`../../schema.graphql`), which exist where the pages are read in the repository but
not in the built site. The site shows such a link as plain text, or as a link into the repository if `repo_url` is set.
"""

import logging
import re
from pathlib import Path
from typing import Any

SECTIONS = {
    "Tutorials": "tutorials",
    "How-to guides": "how-to",
    "Reference": "reference",
    "Explanation": "explanation",
    "Decision records": "decisions",
}
_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#]*)(#[^)]*)?\)")
_log = logging.getLogger("mkdocs.hooks.source_links")  # below "mkdocs", so that --strict counts its warnings


def on_config(config: Any) -> Any:
    """List the pages of each section by their file names, an index first."""
    docs = Path(config["docs_dir"])
    sections = [{title: _pages(docs, folder)} for title, folder in SECTIONS.items()]
    config["nav"] = [{"Taskbell": "index.md"}, {"For frontend developers": "frontend.md"}, *sections]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """Replace links that lead out of the documentation; warn about those that lead nowhere."""
    docs = Path(config["docs_dir"]).resolve()
    folder = (docs / page.file.src_uri).parent

    def replaced(link: re.Match[str]) -> str:
        target = (folder / link[2]).resolve()
        if target.is_relative_to(docs):
            return link[0]
        if not target.exists():
            _log.warning("%s: no such file: %s", page.file.src_uri, link[2])
        path = target.relative_to(docs.parent)
        return f"[{link[1]}]({config['repo_url'].rstrip('/')}/blob/main/{path})" if config["repo_url"] else link[1]

    return _LINK.sub(replaced, markdown)


def _pages(docs: Path, folder: str) -> list[str]:
    pages = sorted((docs / folder).glob("*.md"), key=lambda page: (page.name != "README.md", page.name))
    return [page.relative_to(docs).as_posix() for page in pages]
