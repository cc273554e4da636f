"""Use case: everything of an owner that has changed since a client last asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from taskbell.application.feed_position import (
    MAX_AGE,
    FeedPosition,
    Phase,
    beside,
    place_of,
    position_from_list,
    start,
)
from taskbell.application.ports import ChangeLog, LogRecord, PositionCursors
from taskbell.domain.changes import (
    Change,
    ChangeKind,
    ChangePage,
    list_change,
    notification_change,
    task_change,
)
from taskbell.domain.notification import Notification

_QUICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ChangeFeed:
    """Gives changes page by page. Each page is one read of the log, and one of the tasks that it names.

    Delivery is at least once: what was stored in the last seconds can come twice. A task's `version` tells what is new.
    A client that took its time to read to the end of the log reads the last seconds once more, so that it has all that
    was stored before it asked for the last page.
    """

    log: ChangeLog
    cursors: PositionCursors
    clock: Callable[[], datetime]

    def since(self, owner_id: str, cursor: str | None, first: int) -> ChangePage:
        """Return the changes after a cursor.

        Args:
            owner_id: Whose tasks and notifications.
            cursor: Of the page before, or of a push; None for everything.
            first: Maximum number of changes, 1 to 100. A reminder comes with its task, so there can be 2 instead of 1.

        Raises:
            InvalidInputError: The cursor is not of this owner's changes.
            UnavailableError: The table did not answer.
        """
        now = self.clock()
        position = position_from_list(self.cursors.decode(owner_id, cursor)) if cursor is not None else start(now)
        if position.is_older_than(now - MAX_AGE):
            return self._page(owner_id, (), start(now), has_more=True, full_sync_required=True)
        if position.phase is Phase.LOG:
            return self._logged(owner_id, position, first, now)
        return self._existing(owner_id, position, first)

    def cursor_beside(self, owner_id: str, place: str, given: Mapping[str, int]) -> str:
        """Return the cursor for a client that is told of something that has a place in the log.

        Args:
            owner_id: Whose tasks and notifications.
            place: The place.
            given: What the client is told of it all: the task's id with its version, or nothing.
        """
        return self.cursors.encode(owner_id, beside(place, given).to_list())

    def _existing(self, owner_id: str, position: FeedPosition, first: int) -> ChangePage:
        """Return a page of all tasks, lists and notifications; what is deleted is left out."""
        changes: Sequence[Change]
        if position.phase is Phase.TASKS:
            tasks, after = self.log.all_tasks(owner_id, position.after, first)
            changes, following = [task_change(task) for task in tasks if not task.deleted], Phase.LISTS
            recent = {task.id: task.version for task in tasks if place_of(task.updated_at) >= position.back_to}
        elif position.phase is Phase.LISTS:
            lists, after = self.log.all_lists(owner_id, position.after, first)
            changes, following = [list_change(each) for each in lists if not each.deleted], Phase.NOTIFICATIONS
            recent = {each.id: each.version for each in lists if place_of(each.updated_at) >= position.back_to}
        else:
            notifications, after = self.log.all_notifications(owner_id, position.after, first)
            changes = [notification_change(each) for each in notifications if not each.dismissed_at]
            following = Phase.LOG
            late = [each for each in notifications if place_of(_changed_at(each)) >= position.back_to]
            recent = {each.id: each.version for each in late}
        position = position.remembering(recent)
        if after is not None:
            moved = replace(position, after=after)
        elif following is Phase.NOTIFICATIONS and len(changes) < first:  # most owners have few lists
            return self._with_notifications(owner_id, changes, replace(position, phase=following, after=""), first)
        elif following is Phase.LOG:
            moved = FeedPosition(Phase.LOG, position.back_to, given=position.given)
        else:
            moved = replace(position, phase=following, after="")
        return self._page(owner_id, changes, moved, has_more=True)

    def _with_notifications(
        self, owner_id: str, lists: Sequence[Change], position: FeedPosition, first: int
    ) -> ChangePage:
        """Return a page of lists that goes on with notifications."""
        page = self._existing(owner_id, position, first - len(lists))
        return replace(page, changes=(*lists, *page.changes))

    def _logged(self, owner_id: str, position: FeedPosition, first: int, now: datetime) -> ChangePage:
        begun = not position.back_to
        position = position.begins(now)
        records, more = self.log.records(owner_id, position.after, first + len(position.given) + 1)
        after, found = position.after, dict[str, tuple[str, int]]()
        new: dict[str, LogRecord] = {}
        for record in records:
            added = [thing for thing, version in record.things.items() if not position.is_given(thing, version)]
            if new and len(new.keys() | set(added)) > first:
                more = True
                break
            after = record.place
            for thing, version in record.things.items():
                found[thing] = record.place, max(version, found.get(thing, ("", 0))[1])
            for thing in added:
                new.pop(thing, None)
                new[thing] = record
        changes = self._newest(owner_id, new)
        for change in changes:
            place, version = found[change.id]
            found[change.id] = place, max(version, change.version)
        moved = position.moved(after, found, more=more, begun=begun)
        has_more = more or (not begun and position.began_before(now - _QUICK))
        return self._page(owner_id, changes, moved, has_more=has_more)

    def _newest(self, owner_id: str, new: Mapping[str, LogRecord]) -> list[Change]:
        """Return the newest states of things, with the records that tell of them."""
        named = [record for record in new.values() if not record.notification and not record.task_list]
        tasks, notifications = self.log.newest(owner_id, named) if named else ({}, ())
        notified = {notification.id: notification_change(notification) for notification in notifications}
        changes: list[Change] = []
        for thing, record in new.items():
            if record.notification:
                changes.append(notification_change(record.notification))
            elif record.task_list:
                changes.append(list_change(record.task_list))
            elif thing != record.task_id:
                changes += [notified[thing]] if thing in notified else []
            elif thing in tasks:
                changes.append(task_change(tasks[thing]))
            else:
                changes.append(Change(ChangeKind.TASK, owner_id, thing, record.version))
        return changes

    def _page(
        self,
        owner_id: str,
        changes: Sequence[Change],
        position: FeedPosition,
        *,
        has_more: bool,
        full_sync_required: bool = False,
    ) -> ChangePage:
        cursor = self.cursors.encode(owner_id, position.to_list())
        return ChangePage(tuple(changes), cursor, has_more, full_sync_required)


def _changed_at(notification: Notification) -> datetime:
    return notification.dismissed_at or notification.read_at or notification.sent_at
