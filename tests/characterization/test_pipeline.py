"""Responses to admins about the pipeline's figures, and about traces of tasks."""

from typing import Any

from tests.characterization.golden import agree
from tests.characterization.stage import Item, MotoStage, id_of
from tests.characterization.test_graphql import ADA, GUEST, LINUS
from tests.support.lambdas import appsync_event


def test_the_figures_of_the_pipeline_are_unchanged(stage: MotoStage) -> None:
    stage.send("dead", {"type": "CREATED"})
    agree("graphql/query_pipeline.json", [_ask(stage, "pipeline", {}, who) for who in (LINUS, ADA, GUEST)])


def test_traces_of_tasks_are_unchanged(stage: MotoStage) -> None:
    dead_letter = {"type": "CREATED", "ownerId": "ada", "taskId": id_of("report")}
    stage.send("dead", dead_letter, cause="KeyError: 'task'")
    cases: list[tuple[Item, Any]] = [
        ({"id": f"Task:ada:{id_of('report')}"}, LINUS),
        ({"id": id_of("report"), "ownerId": "ada"}, LINUS),
        ({"id": "missing"}, LINUS),
        ({"id": "no/slash"}, LINUS),
        ({"id": f"Task:ada:{id_of('report')}"}, ADA),
    ]
    agree("graphql/query_taskTrace.json", [_ask(stage, "taskTrace", arguments, who) for arguments, who in cases])


def _ask(stage: MotoStage, field: str, arguments: Item, who: Any) -> Item:
    event = appsync_event("Query", field, arguments, who)
    answer = stage.call("observePipeline", event)
    shown = {"error": answer["error"]} if "error" in answer else {"answer": answer["data"]}
    return {"field": f"Query.{field}", "by": who and who["sub"], "arguments": arguments, **shown}
