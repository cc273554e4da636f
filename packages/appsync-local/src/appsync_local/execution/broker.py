"""Subscriptions, indexed by field and argument values: a push is executed once for each selection, not subscriber."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol, cast

from appsync_local._json import to_json
from appsync_local.error_entries import field_entry
from appsync_local.schema.subscriptions import subscriptions_by_mutation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from graphql import ExecutionResult, Executor, GraphQLSchema

_log = logging.getLogger(__name__)
Values = tuple[str, ...]


class Subscriber(Protocol):
    """Who is told of a push; must not block."""

    def deliver(self, payload: bytes) -> None:
        """Take the encoded payload, the same bytes for everyone with the same selection."""
        ...


class SubscriptionGroup:
    """The subscribers with one document, operation, variables and access: all get the same payload."""

    def __init__(self, executor: Executor[Any]) -> None:
        self._executor = executor
        self.subscribers: dict[Subscriber, None] = {}

    def payload(self, published: dict[str, Any]) -> bytes:
        """Execute the selection on what was published, and encode the outcome."""
        event = self._executor.build_per_event_executor(published)
        result = cast("ExecutionResult", event.execute_operation(False))
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [field_entry(error, self._executor.schema) for error in result.errors]
        return to_json(answer)


class Broker:
    """Who listens to which mutation. `has_listeners` answers cheaply whether a push has any use."""

    def __init__(self, schema: GraphQLSchema, push_bytes: int) -> None:
        self._push_bytes = push_bytes
        self._listeners = subscriptions_by_mutation(schema)
        self._shapes: dict[str, dict[tuple[str, ...], dict[Values, dict[Hashable, SubscriptionGroup]]]] = {}

    def subscribe(
        self,
        field: str,
        arguments: Mapping[str, Any],
        key: Hashable,
        make_executor: Callable[[], Executor[Any]],
        subscriber: Subscriber,
    ) -> Callable[[], None]:
        """Tell the subscriber of each result that equals all the arguments; answer how to stop."""
        names = tuple(sorted(arguments))
        values = tuple(_comparable(arguments[name]) for name in names)
        audiences = self._shapes.setdefault(field, {}).setdefault(names, {}).setdefault(values, {})
        audience = audiences.get(key)
        if audience is None:
            audience = audiences[key] = SubscriptionGroup(make_executor())
        audience.subscribers[subscriber] = None

        def unsubscribe() -> None:
            audience.subscribers.pop(subscriber, None)
            if not audience.subscribers and audiences.get(key) is audience:
                del audiences[key]
                self._forget_empty(field, names, values)

        return unsubscribe

    @property
    def has_subscribers(self) -> bool:
        """Tell whether there is anyone at all."""
        return any(self._shapes.values())

    def has_listeners(self, mutation: str) -> bool:
        """Tell whether anyone subscribes to the mutation field."""
        return any(self._shapes.get(field) for field in self._listeners.get(mutation, ()))

    def publish(self, mutation: str, value: Any) -> None:
        """Push a mutation field's result (fields by name, as far as selected) to those whose arguments it equals."""
        for field in self._listeners.get(mutation, ()):
            for audience in list(self._matching(field, value)):
                payload = audience.payload({field: value})
                if len(payload) > self._push_bytes:
                    _log.warning("A push of %s has %d bytes and is not delivered", field, len(payload))
                    continue
                for subscriber in tuple(audience.subscribers):
                    subscriber.deliver(payload)

    def _matching(self, field: str, value: Any) -> Iterator[SubscriptionGroup]:
        fields = value if isinstance(value, dict) else {}
        for names, by_values in self._shapes.get(field, {}).items():
            wanted = tuple(_comparable(fields.get(name)) for name in names)
            yield from by_values.get(wanted, {}).values()

    def _forget_empty(self, field: str, names: tuple[str, ...], values: Values) -> None:
        shapes = self._shapes[field]
        if not shapes[names][values]:
            del shapes[names][values]
        if not shapes[names]:
            del shapes[names]


def _comparable(value: Any) -> str:
    return to_json(value, sort_keys=True).decode()  # orjson's bytes keep kilobytes to spare
