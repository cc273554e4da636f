"""The items of DynamoDB tables: only what changed is written."""

import threading
from pathlib import Path
from typing import Any

import pytest

from local.ministack_patches.durability.database import Delete, DeleteAll, Put, StateDatabase
from local.ministack_patches.durability.items import Items
from tests.unit.local.durability.fakes import TABLE, dynamodb


def item(hash_key: str, range_key: str, **fields: str) -> dict[str, str]:
    return {"pk": hash_key, "sk": range_key, **fields}


@pytest.fixture
def database(tmp_path: Path) -> StateDatabase:
    return StateDatabase(tmp_path)


def restored(database: StateDatabase) -> dict[str, Any]:
    module = dynamodb()
    Items(module, threading.RLock()).load(database)
    items: dict[str, Any] = module._tables["tasks"]["items"]
    return items


def test_all_items_are_written_first_and_then_those_that_changed(database: StateDatabase) -> None:
    module = dynamodb(item("o", "1"), item("o", "2"))
    items = Items(module, threading.RLock())
    database.commit(items.cut())
    assert list(items.cut()) == []
    table = module._tables["tasks"]
    module._set_item(table, "o", "1", item("o", "1", title="T"))
    module._remove_item(table, "o", "2")
    changes = list(items.cut())
    assert [type(change) for change in changes] == [Put, Delete]
    database.commit(changes)
    assert restored(database) == {"o": {"1": item("o", "1", title="T")}}


def test_items_that_are_replaced_as_a_whole_are_written_anew(database: StateDatabase) -> None:
    module = dynamodb(item("o", "1"), item("o", "2"))
    items = Items(module, threading.RLock())
    database.commit(items.cut())
    module._tables["tasks"]["items"] = {"o": {"3": item("o", "3")}}
    database.commit(items.cut())
    assert restored(database) == {"o": {"3": item("o", "3")}}


def test_the_items_of_a_deleted_table_are_removed(database: StateDatabase) -> None:
    module = dynamodb(item("o", "1"))
    items = Items(module, threading.RLock())
    database.commit(items.cut())
    module._tables._data.clear()
    assert list(items.cut()) == [DeleteAll("items", f"{TABLE}|")]


def test_after_a_start_nothing_has_to_be_written(database: StateDatabase) -> None:
    database.commit(Items(dynamodb(item("o", "1")), threading.RLock()).cut())
    module = dynamodb()
    items = Items(module, threading.RLock())
    items.load(database)
    assert list(items.cut()) == []
