"""How the local AWS saves when it ends, as seen inside it."""

import logging
from typing import Any

from local.ministack_patches.shutdown import NOT_SAVED, save, wait_until


def save_all(services: Any) -> None:
    """As ministack saves: what fails is logged, and the others are saved."""
    for name, get_state in services.items():
        try:
            get_state()
        except Exception:
            logging.getLogger("persistence").exception("Persistence: error getting state for %s", name)


def test_a_state_that_changes_while_it_is_copied_is_copied_again() -> None:
    failures = iter([RuntimeError("dictionary changed size during iteration"), None])

    def get_state() -> dict[str, Any]:
        if failure := next(failures):
            raise failure
        return {}

    assert save(save_all, {"dynamodb": get_state}) == 0


def test_a_service_that_cannot_be_saved_sets_the_exit_status() -> None:
    def get_state() -> dict[str, Any]:
        raise ValueError

    assert save(save_all, {"sqs": get_state, "dynamodb": dict}) == NOT_SAVED
    assert save(save_all, {"dynamodb": dict}) == 0


async def test_waiting_ends_with_the_patience() -> None:
    assert await wait_until(lambda: True, 0)
    assert not await wait_until(lambda: False, 0)
