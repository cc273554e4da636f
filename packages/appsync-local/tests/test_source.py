"""Places in a document are those that graphql-core finds, without reading the text for each."""

from __future__ import annotations

import pytest
from graphql import Source

from appsync_local.validation.complexity import parse_document
from appsync_local.validation.source import IndexedSource

TEXTS = ["", "{ a }", "\n\n{ a\r\n  b\r c }\n", "{ a }\u2028{ b }"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_place_is_where_graphql_core_finds_it(text: str) -> None:
    places = [place for place in range(len(text) + 1) if text[place - 1 : place + 1] != "\r\n"]
    assert [IndexedSource(text).get_location(at) for at in places] == [Source(text).get_location(at) for at in places]


def test_the_text_of_a_document_is_read_once_however_many_errors_it_has() -> None:
    location = parse_document("\n\n{ a }").loc
    assert location is not None
    source = location.source
    assert source.get_location(2).line == 3
    source.body = ""
    assert [source.get_location(place).line for place in (0, 1, 2, 4)] == [1, 2, 3, 3]
