"""Receipts are stored with what they are of, and none is lost to another."""

from dataclasses import replace

from taskbell.application.ports import ProfileRepository, TaskRepository
from taskbell.domain.profile import Profile
from taskbell.domain.receipts import ClientMutation
from taskbell.domain.task import with_next_version
from tests.support.examples import LATER, NOW, example_task

ONE, TWO = (ClientMutation(id_, NOW, id_).receipt for id_ in ("one", "two"))


def test_a_receipt_is_stored_with_a_change_and_without_one(store: TaskRepository) -> None:
    task = example_task()
    store.add(task)
    receipt_alone = replace(task, receipts=(ONE,))
    assert store.replace(task, receipt_alone)
    assert store.get("ada", "essay") == receipt_alone
    changed = replace(with_next_version(receipt_alone, LATER), receipts=(ONE, TWO))
    assert store.replace(receipt_alone, changed)
    assert store.get("ada", "essay") == changed


def test_a_change_that_does_not_know_a_receipt_is_not_stored(store: TaskRepository) -> None:
    task = example_task()
    store.add(task)
    stored = replace(task, receipts=(ONE,))
    assert store.replace(task, stored)
    assert not store.replace(task, replace(task, receipts=(TWO,)))
    assert not store.replace(task, with_next_version(task, LATER))
    assert store.replace(task, stored)  # by a retry whose first answer was lost
    assert store.get("ada", "essay") == stored


def test_settings_do_not_lose_a_receipt(profiles: ProfileRepository) -> None:
    before = profiles.get("ada")
    assert profiles.save(Profile("ada", "Europe/Vienna", receipts=(ONE,)), before)
    assert not profiles.save(Profile("ada", "Asia/Tokyo", receipts=(TWO,)), before)
    stored = profiles.get("ada")
    assert (stored.time_zone, stored.receipts) == ("Europe/Vienna", (ONE,))
    assert profiles.save(replace(stored, receipts=(ONE, TWO)), stored)
    assert profiles.get("ada").receipts == (ONE, TWO)
