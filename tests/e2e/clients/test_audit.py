"""The GraphQL over HTTP specification, by graphql-http's audit: everything but what AppSync itself leaves unmet."""

from __future__ import annotations

from tests.e2e.clients.running import RunClient

UNMET_BY_APPSYNC = {
    "22EB": "AppSync answers application/json, whatever is accepted",
    "58B0": "AppSync does not look at extensions (the requirement is optional)",
    "58B1": "AppSync does not look at extensions (the requirement is optional)",
    "58B2": "AppSync does not look at extensions (the requirement is optional)",
    "58B3": "AppSync does not look at extensions (the requirement is optional)",
    "572B": "AppSync answers 400 MalformedHttpRequestException to what is no GraphQL",
    "FDE2": "as 572B: the audit's invalid field is no GraphQL name",
    "86EE": "AppSync answers 200 to a variable of the wrong type",
}


def test_what_the_specification_wants_and_appsync_leaves_unmet_is_known(
    client: RunClient, memory: dict[str, str]
) -> None:
    outcome = client("audit.mjs", memory)
    assert set(outcome["unmet"]) == set(UNMET_BY_APPSYNC), outcome["unmet"]
    assert not [reason for reason in outcome["unmet"].values() if reason.startswith("error")]
    assert outcome["met"] >= 50
