"""What is counted of subscriptions: messages to subscribers, and how many are open."""

from __future__ import annotations

from dataclasses import dataclass, field

from support.gateway import KEY_HEADERS, Gateway

SAVE = 'mutation { save(input: {id: "1"}) { id } }'
ALL = "subscription { onTask { id } }"
FIRST = 'subscription { onTask(id: "1") { id } }'
OTHER = 'subscription { onTask(id: "2") { id } }'


@dataclass
class Counts:
    """Keeps what it was told."""

    messages: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)

    def published(self, messages: int) -> None:
        self.messages.append(messages)

    def subscriptions(self, number: int) -> None:
        self.open.append(number)


async def test_each_subscriber_of_a_push_counts_and_each_open_subscription() -> None:
    counts = Counts()
    gateway = Gateway(options={"meter": counts})
    gateway.functions.answers["save"] = {"id": "1", "title": "Saved"}
    one, another = await gateway.listen(), await gateway.listen()
    await one.start("1", ALL)
    await one.start("2", OTHER)
    await another.start("1", ALL)
    await another.start("2", FIRST)
    assert (counts.messages, counts.open) == ([], [1, 2, 3, 4])
    assert "errors" not in await gateway.query(SAVE, KEY_HEADERS)
    assert sum(counts.messages) == 3
    await one.leave()
    await another.leave()
    assert counts.open[-1] == 0
    assert counts.open[4:] == [3, 2, 1, 0]
