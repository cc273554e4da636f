"""The mutants: each takes one guard, condition, order or classification away."""

# ruff: noqa: E501 - a mutant is a line

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A replacement in a file of the product.

    Attributes:
        name: What is taken away.
        file: The file, relative to the checkout.
        old: A text that the file has exactly once.
        new: What stands there instead.
        tests: Tests that kill it if no seed does: what only shows where a fake cannot.
        survives: Why nothing kills it, if nothing does.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()
    survives: str | None = None


_DYNAMODB = "src/taskbell/adapters/dynamodb"
_TASKS, _EVENTS = f"{_DYNAMODB}/task_repository.py", f"{_DYNAMODB}/event_store.py"
_ERRORS, _WORKFLOWS = "src/taskbell/adapters/aws_errors.py", "src/taskbell/adapters/stepfunctions.py"
_QUEUE, _BATCH = "src/taskbell/adapters/sqs_event_queue.py", "src/taskbell/application/event_batch.py"
_HANDLERS, _CHANGES = "src/taskbell/application/event_handlers.py", "src/taskbell/application/task_changes.py"
_LISTS = "src/taskbell/application/task_lists.py"
_STEPS, _LIFECYCLE = "src/taskbell/application/workflow_steps.py", "src/taskbell/domain/lifecycle.py"
_OCCURRENCES, _SERIES = "src/taskbell/application/occurrences.py", "src/taskbell/domain/occurrences.py"
_TASK, _DOMAIN_EVENTS = "src/taskbell/domain/task.py", "src/taskbell/domain/events.py"
_ASL, _QUEUES = "infrastructure/task_lifecycle.asl.yml", "infrastructure/queues.yml"
_REDRIVE, _TARGETS = "src/taskbell/application/redrive.py", "src/taskbell/adapters/redrive_targets.py"
_LOG_ITEMS, _FEED = f"{_DYNAMODB}/log_items.py", "src/taskbell/application/change_feed.py"
_POSITION = "src/taskbell/application/feed_position.py"
_FORWARD, _ADVANCE = "processors/forward_changes.py", "processors/advance_task.py"
_PUSH = "processors/push_notifications.py"

MUTANTS = (
    # Conditions and consistency of the table.
    Mutant("get is not consistent", _TASKS, "task_id), ConsistentRead=True)", "task_id), ConsistentRead=False)"),
    Mutant("pages are not consistent", f"{_DYNAMODB}/task_pages.py", '            "ConsistentRead": True,\n', '            "ConsistentRead": False,\n'),
    Mutant("add without condition", _TASKS, "                ConditionExpression=_IS_NEW,\n", ""),
    Mutant("replace without condition", _TASKS, 'f"version = :before AND {_same_receipts(before)}"', 'f"version >= :before AND {_same_receipts(before)}"'),
    Mutant("a repeated replace finds a conflict", _TASKS, "            return _holds(_existing_item(error), task)\n", "            return False\n", ("tests/contract/test_task_repository.py",)),
    Mutant("a repeated change counts as lost", _TASKS, "return item is not None and task_from_item(item) == task", "return item is None", ("tests/contract/test_task_repository.py",)),
    Mutant("a conflict of a change is an error", _TASKS, "        except self.client.exceptions.TransactionConflictException:\n            return False\n", "", ("tests/unit/adapters",)),
    Mutant("a reminder is sent again", f"{_DYNAMODB}/notifications.py", '                ConditionExpression="attribute_not_exists(pk)",\n', "", ("tests/contract/test_notifications.py",)),
    Mutant("a reminder that was sent blocks the task", f"{_DYNAMODB}/notifications.py", "        with suppress(self.client.exceptions.ConditionalCheckFailedException):\n", "        with suppress(KeyError):\n", ("tests/contract/test_notifications.py",)),
    Mutant("pages have no next one", f"{_DYNAMODB}/task_pages.py", "has_next=len(looked_at) > first or bool(ends)", "has_next=False"),
    Mutant("short lists end with a page", f"{_DYNAMODB}/task_pages.py", 'if "LastEvaluatedKey" not in response:\n                return', "if response:\n                return", ("tests/contract/test_subtasks.py",)),
    Mutant("a key is taken from its task", f"{_DYNAMODB}/task_keys.py", '"attribute_not_exists(pk) OR taskId = :replaced"', '"attribute_not_exists(pk) OR taskId <> :replaced"', ("tests/contract/test_task_keys.py",)),
    Mutant("a key stays with a task that is gone", _TASKS, "task.created_at - _MAX_CREATION:", "task.created_at - 999 * _MAX_CREATION:", ("tests/contract/test_task_keys.py",)),
    Mutant("a creation does not go on under its first id", _TASKS, "kept = replace(task, id=self._claimed_id(task, task.key))", "self._claimed_id(task, task.key)\n        kept = task", ("tests/contract/test_task_keys.py",)),
    Mutant("a repetition has a second effect", "src/taskbell/domain/rules.py", "    return made is not None\n", "    return False\n"),
    # Events, counts, progress.
    Mutant("events are counted again", _EVENTS, '        "ConditionExpression": "attribute_not_exists(pk)",\n', '        "ConditionExpression": "attribute_not_exists(pk) OR attribute_exists(pk)",\n'),
    Mutant("an event that was counted is an error", _EVENTS, "                if reasons[0].get(\"Code\") == _CONDITION_FAILED:\n                    return self._placed_anew(put[\"Item\"], reasons[0].get(\"Item\"))\n", ""),
    Mutant("a missing parent is an error", _EVENTS, "                if any(failed):", "                if False:"),
    Mutant("progress of a missing parent", f"{_DYNAMODB}/statistics.py", 'condition = "attribute_exists(pk)"', 'condition = "(attribute_exists(pk) OR attribute_not_exists(pk))"'),
    Mutant("progress sets a parent's time back", f"{_DYNAMODB}/statistics.py", 'f"{condition} AND updatedAt <= :at"', 'condition', ("tests/contract/test_subtasks.py",)),
    Mutant("a parent whose time is later counts nothing", _EVENTS, "for at in (self.clock(), None)]", "for at in (self.clock(),)]", ("tests/contract/test_subtasks.py",)),
    Mutant("progress without a new version", f"{_DYNAMODB}/statistics.py", '"#version = #version + :one"', '"#version = #version"'),
    Mutant("counts are not taken back", _EVENTS, "counts=difference(counted, {}),", "counts={},"),
    Mutant("what the task counts is taken back, not what was counted", _EVENTS, "            counts=difference(counted, {}),\n", ""),
    Mutant("progress is not taken back", _EVENTS, "progress=progress_difference(progress, {}),", "progress={},"),
    Mutant("a purge forgets events", _EVENTS, "batch = keys[start : start + _DELETE_BATCH_SIZE]", "batch = keys[start : start + 2]"),
    Mutant("events are keyed without their version", _LOG_ITEMS, 'f"{events_of(task_id)}{version:010d}"', 'f"{events_of(task_id)}{1:010d}"'),
    # Places in the log, and catching up.
    Mutant("a repeated event keeps its place", _EVENTS, "if stored is None or stored[LOG_KEY] != item[LOG_KEY]:", "if False:", ("tests/contract/test_change_feed.py",)),
    Mutant("the log is not read back", _POSITION, "OVERLAP = timedelta(seconds=10)", "OVERLAP = timedelta(0)", ("tests/unit/application/test_change_feed.py",)),
    Mutant("what was given comes again", _POSITION, "return self.given.get(_short(thing), 0) >= version", "return False", ("tests/contract/test_change_feed.py",)),
    Mutant("catching up begins with the log of the end", _FEED, "moved = FeedPosition(Phase.LOG, position.back_to, given=position.given)", 'moved = FeedPosition(Phase.LOG, "9", given=position.given)'),
    Mutant("the log is read as it was", f"{_DYNAMODB}/change_log.py", "            ConsistentRead=True,\n            KeyConditionExpression", "            ConsistentRead=False,\n            KeyConditionExpression"),
    Mutant("a gone task comes back", _BATCH, "if late and self.handler.is_obsolete(event):", "if False:"),
    Mutant("the run of a gone task goes on", _HANDLERS, "        self.stop_superseded_run(event)\n        if event.closes", "        if event.closes", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("purged at once", _BATCH, "if event.is_hard_delete and group in self._started:", "if False:"),
    # Classification of errors, retries, giving up.
    Mutant("status above 500", _ERRORS, "status >= 500", "status > 500"),
    Mutant("transaction conflicts do not pass", _ERRORS, '        "TransactionConflictException",\n', "", ("tests/unit/adapters",)),
    Mutant("throttling does not pass", _ERRORS, '        "ThrottlingException",\n', ""),
    Mutant("throughput does not pass", _ERRORS, '        "ProvisionedThroughputExceededException",\n', ""),
    Mutant("request limits do not pass", _ERRORS, '        "RequestLimitExceeded",\n', ""),
    Mutant("timeouts do not pass", _ERRORS, "    except BotoCoreError as error:\n        raise UnavailableError from error\n", ""),
    Mutant("cancelled transactions do not pass", _ERRORS, '"ThrottlingError", "TransactionConflict"})', '"TransactionConflict"})', ("tests/unit/adapters",)),
    Mutant("the push is no reason to wait", "src/taskbell/adapters/appsync_publisher.py", "        if response.status != 200:\n            raise UnavailableError(detail)\n", "        if response.status != 200:\n            return\n"),
    Mutant("errors of the push are overlooked", "src/taskbell/adapters/appsync_publisher.py", 'if errors := json.loads(response.data).get("errors"):', 'if errors := json.loads(response.data).get("none"):'),
    Mutant("a run that exists is an error", _WORKFLOWS, "        except self.client.exceptions.ExecutionAlreadyExists:\n            return\n", "        finally:\n            pass\n"),
    Mutant("stopping an unknown run is an error", _WORKFLOWS, "        except self.client.exceptions.ExecutionDoesNotExist:\n            return\n        except", "        except"),
    Mutant("stopping an ended run is an error", _WORKFLOWS, 'error.response["Error"]["Code"] != "ValidationException"', 'error.response["Error"]["Code"] != "Other"'),
    Mutant("runs are named without the schedule", _WORKFLOWS, "[:16]}-{run.schedule_version}", "[:16]}"),
    Mutant("outages count as failures", _BATCH, "            if not isinstance(failure, _OUTAGES):\n", "            if True:\n"),
    Mutant("failures do not count", _BATCH, "MAX_FAILURES = 5", "MAX_FAILURES = 5_000"),
    Mutant("events behind a failed one go on", _BATCH, "if group in self._blocked and group not in self._unpublished:", "if False:"),
    Mutant("a failed event does not block its task", _BATCH, "        self._block(message.id.group_id, attempts, stored=stored)\n", ""),
    Mutant("pushes overtake a failed one", _BATCH, "        if group in self._unpublished:\n            self._end(message)\n            raise PostponedError\n", ""),
    Mutant("a postponed removal counts as interrupted", _BATCH, "        except PostponedError:\n            self._end(message)\n            raise\n", "        except PostponedError:\n            raise\n", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("attempts never end", _BATCH, "                self.attempts.end(message.id)\n", "                pass\n"),
    Mutant("dead letters have no cause", _QUEUE, "            MessageGroupId=message.group_id,\n            MessageDeduplicationId=message.deduplication_id,\n            MessageAttributes=_cause(cause),\n", "            MessageGroupId=message.group_id,\n            MessageDeduplicationId=message.deduplication_id,\n"),
    Mutant("the queue gives up after 20 receives", _QUEUES, "maxReceiveCount: 1000", "maxReceiveCount: 20"),
    Mutant("runs give up after six tries", _ASL, "retries for hours\n        IntervalSeconds: 1\n        BackoffRate: 2\n        MaxAttempts: 60\n", "retries for hours\n        IntervalSeconds: 1\n        BackoffRate: 2\n        MaxAttempts: 6\n"),
    Mutant("runs give up within an hour", _ASL, "retries for hours\n        IntervalSeconds: 1\n        BackoffRate: 2\n        MaxAttempts: 60\n", "retries for hours\n        IntervalSeconds: 1\n        BackoffRate: 2\n        MaxAttempts: 16\n"),
    Mutant("runs wait until the instant, cut", _ASL, "TimestampPath: $.answer.plan.until", "TimestampPath: $.answer.plan.at"),
    Mutant("waits end early", _ADVANCE, "timedelta(milliseconds=999)", "timedelta(milliseconds=0)"),
    # Order.
    Mutant("one group for everything", _QUEUE, '"MessageGroupId": group,', '"MessageGroupId": f"{group}/{event.task.version}",'),
    Mutant("messages are deduplicated without version", _QUEUE, 'f"{group}:{event.task.version}"', 'f"{group}"'),
    Mutant("the rest of a batch is forgotten", _FORWARD, "first_unsent = with_event[-len(unsent)] if unsent else None", "first_unsent = None", ("tests/integration/processors/test_forward_changes.py",)),
    # Pushes of notifications.
    Mutant("an outage sets notifications aside", _PUSH, "    except _OUTAGES:\n", "    except ():\n"),
    Mutant("what was not pushed is not retried", _PUSH, "            return _retry_from(record, is_first=number == 0)\n", "            break\n"),
    Mutant("a batch pushes one notification", _PUSH, "if subject is not None and subject not in pushed:", "if subject is not None and not pushed:", ("tests/integration/processors/test_push_notifications.py",)),
    Mutant("what was dismissed is not told", "src/taskbell/api/graphql_documents.py", '"dismissed": bool(note and note.dismissed_at),', '"dismissed": False,'),
    Mutant("notifications are not redriven", _TARGETS, '"NOTE#": "pushNotifications", ', "", ("tests/unit/adapters/test_redrive_targets.py",)),
    # Reactions to events.
    Mutant("obsolete runs go on", _HANDLERS, "if event.superseded_schedule is not None:", "if False:"),
    Mutant("no run starts", _HANDLERS, "        if event.starts_workflow:", "        if event.starts_workflow and event.task.version == 1:"),
    Mutant("subtasks do not come again", _HANDLERS, "            copy_subtasks(event.task, self.tasks, event.at)\n        self._cascade(event)", "            pass\n        self._cascade(event)"),
    Mutant("the next occurrence has no transaction", _TASKS, "        if not beside:\n", "        for old, new in beside:\n            self._put(self._conditional_put(old, new), new)\n        if True:\n"),
    Mutant("a next occurrence is made again", _TASKS, "        created = [self._conditional_put(None, new)", "        created = [self._conditional_put(new, new)"),
    Mutant("unticking leaves the next occurrence", _OCCURRENCES, "        if task.completed and task.recurrence and task.next_id:", "        if False:"),
    Mutant("a touched occurrence is taken back", _SERIES, "return all(each.edited_version == 1 and not each.request_digest for each in (next_, *subtasks))", "return True", ("tests/unit/application/test_occurrences.py",)),
    Mutant("what was taken back repeats when it is restored", _SERIES, "    return _alone(with_next_version(next_, now) if", "    return (with_next_version(next_, now) if"),
    Mutant("what was skipped repeats when it is restored", _SERIES, "return replace(closed, task=_alone(closed.task))", "return closed"),
    Mutant("a closed occurrence keeps the subtasks that come late", _OCCURRENCES, "        task = store.get(next_.owner_id, next_.id) or next_\n", "        return\n", ("tests/unit/application/test_occurrences.py",)),
    Mutant("subtasks of a skipped occurrence are lost", _OCCURRENCES, "(*store.subtasks(task), *store.deleted_with(task))", "store.subtasks(task)", ("tests/unit/application/test_occurrences.py",)),
    Mutant("copies of subtasks have any order", "src/taskbell/domain/ids.py", "bits = number >> 80 << 26 | ", "bits = ", ("tests/unit/application/test_occurrences.py",)),
    Mutant("deleting does not cascade", _HANDLERS, "        if event.cascades_delete:", "        if False:"),
    Mutant("restoring does not cascade", _HANDLERS, "        if event.cascades_restore:", "        if False:", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("a late subtask stays", _HANDLERS, "        if event.attaches_to_parent:", "        if False:", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("what came below a moved task stays", _HANDLERS, "        if event.is_move:", "        if False:", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("a subtask of a moved task stays", _HANDLERS, "    elif parent and parent.parent_id:", "    elif False:", ("tests/contract/test_subtasks.py",)),
    Mutant("a subtask goes with a former parent", _HANDLERS, "is_below = stored.parent_id == parent.id", "is_below = True", ("tests/contract/test_subtasks.py",)),
    Mutant("a late task stays in a deleted list", _HANDLERS, "        if event.comes_into_list:", "        if False:", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("a task that has left a list leaves the next one too", _LISTS, "is_there = task.list_id == deleted.id", "is_there = True", ("tests/contract/test_task_lists.py",)),
    Mutant("a list is deleted before its last task has left it", _LISTS, "if len(ids) > MAX_CHANGED:", "if False:", ("tests/contract/test_task_lists.py",)),
    Mutant("a moved task keeps its list below another one", "src/taskbell/application/placing.py", 'return placed_ | {"list_id": None, "section_id": None} if task.list_id else placed_', "return placed_", ("tests/contract/test_task_lists.py",)),
    Mutant("followers of a list do not see a task leave it", _HANDLERS, "for list_id in event.lists:", "for list_id in event.lists[-1:]:", ("tests/unit/processors/test_handle_events.py",)),
    Mutant("two lists get one number", f"{_DYNAMODB}/task_lists.py", 'to_item({":one": 1})', 'to_item({":one": 0})', ("tests/contract/test_task_lists.py",)),
    Mutant("a creation of a list is repeated", f"{_DYNAMODB}/task_lists.py", "return self._claimed(owner_id, mutation, number) if mutation else number", "return number", ("tests/contract/test_task_lists.py",)),
    Mutant("an undone completion leaves the next occurrence", "src/taskbell/domain/undo.py", "taken_back(next_, now, retention) if next_ else None", "None", ("tests/contract/test_undo.py",)),
    Mutant("undo ignores the version", "resolvers/undo.py", "valid_until, step.version, args", "valid_until, None, args", ("tests/integration/resolvers/test_undo.py",)),
    Mutant("undo is not repeatable", "resolvers/undo.py", "step.version, args.mutation(now))", "step.version)", ("tests/integration/resolvers/test_undo.py",)),
    Mutant("purging does not cascade", _HANDLERS, "        if event.cascades_purge:", "        if False:"),
    Mutant("a purge keeps the title", "src/taskbell/domain/trash.py", '            title="",', "            title=task.title,", ("tests/contract/test_trash.py",)),
    Mutant("a purge is no removal", _DOMAIN_EVENTS, "    if after.purged:", "    if False:"),
    Mutant("a purge keeps notifications", _EVENTS, "            if reminded_at := reminded_at_of(item):", "            if False:", ("tests/contract/test_notifications.py",)),
    Mutant("subtasks of a restored parent are deleted", _HANDLERS, "for subtask in store.subtasks(parent) if parent.deleted else ():", "for subtask in store.subtasks(parent):", ("tests/contract/test_subtasks.py",)),
    Mutant("subtasks of a deleted parent are restored", _HANDLERS, "if find_task(store, parent.owner_id, parent.id) else ():", "if True else ():", ("tests/contract/test_subtasks.py",)),
    Mutant("subtasks that were deleted alone are restored", _HANDLERS, "if subtask.deleted_with_parent else subtask", "if subtask.deleted else subtask", survives="the list that is restored has only subtasks that were deleted with their parent; what changes between the list and the change is as old as a request"),
    Mutant("pushed before it is stored", _DOMAIN_EVENTS, "return not self.task.deleted or self.type is TaskEventType.DELETED", "return not self.task.deleted"),
    # The workflow.
    Mutant("superseded runs act", _LIFECYCLE, "return not task.deleted and task.schedule.version == schedule_version", "return not task.deleted"),
    Mutant("runs of deleted tasks act", _LIFECYCLE, "return not task.deleted and task.schedule.version == schedule_version", "return task.schedule.version == schedule_version"),
    Mutant("reminders after completion", _LIFECYCLE, "    if task.completed:\n        return None\n    reminder", "    reminder"),
    Mutant("overdue after completion", _LIFECYCLE, "if task.completed or task.overdue or task.due_at is None or task.due_at > now:", "if task.overdue or task.due_at is None or task.due_at > now:"),
    Mutant("overdue before it is due", _LIFECYCLE, " or task.due_at is None or task.due_at > now:", " or task.due_at is None:", ("tests/unit/application/test_lifecycle.py",)),
    Mutant("reminders are due again", _TASK, "if self.schedule.handled_until < instant)", "if self.schedule.since < instant)"),
    Mutant("a reminder of any instant", _LIFECYCLE, "if reminder is None or reminder > at or timer is None or timer.action is not TimerAction.REMIND or timer.at > now:", "if reminder is None:"),
    Mutant("quiet hours delay nothing", _LIFECYCLE, "send_at = profile.delayed(earliest) if profile else earliest", "send_at = earliest"),
    Mutant("accepting again", _LIFECYCLE, "    if task.processing.state not in {ProcessingState.QUEUED, ProcessingState.FAILED}:\n        return task\n", "    if task.processing.state is ProcessingState.RUNNING:\n        return task\n", ("tests/unit/application/test_lifecycle.py",)),
    Mutant("a step forgets the clock's skew", _LIFECYCLE, "return at if at and now < at <= now + MAX_CLOCK_SKEW else now", "return now", ("tests/unit/application", "tests/integration/processors/test_advance_task.py")),
    Mutant("steps give up at the first conflict", _STEPS, "MAX_ATTEMPTS = 10", "MAX_ATTEMPTS = 0"),
    Mutant("a conflict counts as done", _STEPS, "if after is task or store.replace(task, after):", "if store.replace(task, after) or True:"),
    Mutant("no hand-over", _LIFECYCLE, "MAX_WAIT = timedelta(days=300)", "MAX_WAIT = timedelta(days=900)", ("tests/unit/application/test_lifecycle.py",)),
    # Changes by people.
    Mutant("a change that lost is reported as made", _CHANGES, "if changed is task or store.replace(task, changed, beside()):", "if changed is task or store.replace(task, changed, beside()) or True:"),
    Mutant("the expected version is not checked", _CHANGES, "        check_expected_version(task, command.expected_version)\n", "", ("tests/unit/application/test_changing_tasks.py",)),
    Mutant("a new schedule keeps its version", _TASK, "schedule=Schedule(task.version, since)", "schedule=Schedule(task.schedule.version, since)"),
    Mutant("a new schedule forgets what was sent", _TASK, "since = max(now, task.schedule.handled_until)", "since = task.created_at", ("tests/unit/application", "tests/unit/domain")),
    Mutant("a schedule begins before what was sent", _TASK, "since = max(now, task.schedule.handled_until)", "since = now", ("tests/unit/application", "tests/unit/domain")),
    Mutant("completing leaves the run waiting", _TASK, "return with_processing_finished(done, now) if done.processing.state is ProcessingState.WAITING else done", "return done"),
    Mutant("completing leaves it overdue", _TASK, "replace(changed, completed_at=now, overdue=False)", "replace(changed, completed_at=now)"),
    Mutant("overdue is forgotten with the reminders", _TASK, "        changed = with_overdue(changed, now)\n", "        changed = replace(changed, overdue=False)\n", ("tests/unit/application/test_lifecycle.py",)),
    Mutant("a past due date waits for its run", _CHANGES, "    return with_overdue(task, now)", "    return task", ("tests/unit/domain/test_overdue.py",)),
    Mutant("restoring starts no run", _TASK, "return changed if task.completed else rescheduled(with_overdue(changed, now), now)", "return changed"),
    Mutant("updates go back in time", _TASK, "updated_at=max(now, task.updated_at))", "updated_at=now)", ("tests/unit/domain", "tests/unit/application")),
    Mutant("counts of the same task are not subtracted", _DOMAIN_EVENTS, "counts=difference(counts_for(before), counts_for(after)),", "counts=difference({}, counts_for(after)),"),
    Mutant("a deleted task keeps counting", "src/taskbell/domain/statistics.py", "    if task is None or task.deleted:\n        return {}", "    if task is None:\n        return {}"),
    # Redriving.
    Mutant("redriven events are dropped as known", _REDRIVE, 'f"{self.redrive_id}:{dead_letter.id}"', "dead_letter.deduplication_id", ("tests/unit/application/test_redrive.py",)),
    Mutant("a message is deleted before it is handed on", _REDRIVE, "            outcome, detail = self._hand_on(dead_letter)\n", "            receiver.delete(dead_letter)\n            outcome, detail = self._hand_on(dead_letter)\n", ("tests/unit/application/test_redrive.py",)),
    Mutant("later messages overtake one that was kept", _REDRIVE, "            blocked_groups.add(dead_letter.group_id)\n", "", ("tests/integration/cli/test_dead_letters.py",)),
    Mutant("records are replayed without the last", _TARGETS, "if int(record[\"dynamodb\"][\"SequenceNumber\"]) > last:", "if int(record[\"dynamodb\"][\"SequenceNumber\"]) >= last:", ("tests/unit/adapters/test_redrive_targets.py",)),
)  # fmt: skip
