"""The broker of subscriptions, by field and argument values: a push is executed once for each selection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol, cast

from appsync_local._json import to_json
from appsync_local.error_entries import field_entry
from appsync_local.schema.subscription_triggers import subscriptions_by_mutation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from graphql import ExecutionResult, Executor, GraphQLSchema

    from appsync_local.protocols import Meter

_log = logging.getLogger(__name__)
Values = tuple[str, ...]


class Subscriber(Protocol):
    """Receives pushes; must not block."""

    def deliver(self, payload: bytes) -> None:
        """Take an encoded payload, the same bytes for all subscribers with the same selection."""
        ...


class SubscriptionGroup:
    """The subscribers with the same document, operation, variables and access: all get the same payload."""

    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor
        self.subscribers: dict[Subscriber, None] = {}

    def payload(self, published: dict[str, Any]) -> bytes:
        """Execute the selection on what was published, and encode the response."""
        event = self._executor.build_per_event_executor(published)
        result = cast("ExecutionResult", event.execute_operation(False))
        response: dict[str, Any] = {"data": result.data}
        if result.errors:
            response["errors"] = [field_entry(error, self._executor.schema) for error in result.errors]
        return to_json(response)


class Broker:
    """The subscriptions of an API. `has_listeners` is a cheap check for subscribers."""

    def __init__(self, push_bytes: int, meter: Meter) -> None:
        self._push_bytes = push_bytes
        self._meter = meter
        self._open = 0
        self._subscriptions: Mapping[str, Sequence[str]] = {}
        self._groups: dict[str, dict[tuple[str, ...], dict[Values, dict[Hashable, SubscriptionGroup]]]] = {}

    def load(self, schema: GraphQLSchema) -> None:
        """Take what triggers subscriptions from a schema.

        Raises:
            UnsupportedFeatureError: It triggers them in a way that is not valid.
        """
        self._subscriptions = subscriptions_by_mutation(schema)

    def subscribe(
        self,
        field: str,
        arguments: Mapping[str, Any],
        key: Hashable,
        make_executor: Callable[[], Executor[Any]],
        subscriber: Subscriber,
    ) -> Callable[[], None]:
        """Register a subscriber.

        Args:
            field: The subscription field.
            arguments: It gets each result whose fields equal all of these.
            key: Equal for subscribers that get the same payload.
            make_executor: Makes the executor of the selection, for the first subscriber of a key.
            subscriber: Who gets the payloads.

        Returns:
            A function that ends the subscription.
        """
        names = tuple(sorted(arguments))
        values = tuple(_comparable(arguments[name]) for name in names)
        groups = self._groups.setdefault(field, {}).setdefault(names, {}).setdefault(values, {})
        group = groups.get(key)
        if group is None:
            group = groups[key] = SubscriptionGroup(make_executor())
        self._count_open(subscriber not in group.subscribers)
        group.subscribers[subscriber] = None

        def unsubscribe() -> None:
            self._count_open(-(subscriber in group.subscribers))
            group.subscribers.pop(subscriber, None)
            if not group.subscribers and groups.get(key) is group:
                del groups[key]
                self._remove_empty(field, names, values)

        return unsubscribe

    @property
    def has_subscribers(self) -> bool:
        """Whether there is any subscriber."""
        return any(self._groups.values())

    def has_listeners(self, mutation: str) -> bool:
        """Return whether the mutation field triggers any subscription."""
        return any(self._groups.get(field) for field in self._subscriptions.get(mutation, ()))

    def publish(self, mutation: str, value: Any) -> None:
        """Push a mutation field's result (its selected fields by name) to the subscribers whose arguments it equals."""
        for field in self._subscriptions.get(mutation, ()):
            for group in list(self._matching(field, value)):
                payload = group.payload({field: value})
                if len(payload) > self._push_bytes:
                    _log.warning("A push of %s has %d bytes and is not delivered", field, len(payload))
                    continue
                subscribers = tuple(group.subscribers)
                for subscriber in subscribers:
                    subscriber.deliver(payload)
                self._meter.published(len(subscribers))

    def _count_open(self, change: int) -> None:
        if change:
            self._open += change
            self._meter.subscriptions(self._open)

    def _matching(self, field: str, value: Any) -> Iterator[SubscriptionGroup]:
        fields = value if isinstance(value, dict) else {}
        for names, by_values in self._groups.get(field, {}).items():
            wanted = tuple(_comparable(fields.get(name)) for name in names)
            yield from by_values.get(wanted, {}).values()

    def _remove_empty(self, field: str, names: tuple[str, ...], values: Values) -> None:
        by_names = self._groups[field]
        if not by_names[names][values]:
            del by_names[names][values]
        if not by_names[names]:
            del by_names[names]


def _comparable(value: Any) -> str:
    return to_json(value, sort_keys=True).decode()  # orjson's bytes keep kilobytes to spare
