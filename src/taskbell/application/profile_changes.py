"""Use case that changes a user's settings."""

from collections.abc import Callable
from dataclasses import replace

from taskbell.application.ports import ProfileRepository
from taskbell.application.task_changes import MAX_ATTEMPTS
from taskbell.domain.exceptions import UnavailableError
from taskbell.domain.profile import Profile
from taskbell.domain.receipts import ClientMutation, added
from taskbell.domain.rules import is_repetition


def update_profile(
    store: ProfileRepository, owner_id: str, change: Callable[[Profile], Profile], mutation: ClientMutation | None
) -> Profile:
    """Store what `change` returns for the stored settings, once for each mutation that a client has named.

    Raises:
        InvalidInputError: The client gave another change this name.
        UnavailableError: The table did not answer, or the settings changed during each of MAX_ATTEMPTS attempts.
    """
    for _ in range(MAX_ATTEMPTS):
        profile = store.get(owner_id)
        if mutation and is_repetition(mutation, profile.receipts):
            return profile
        changed = change(profile)
        if mutation:
            changed = replace(changed, receipts=added(mutation.receipt, profile.receipts))
        if store.save(changed, profile):
            return changed
    raise UnavailableError("There are too many concurrent changes of the settings. Try again.")
