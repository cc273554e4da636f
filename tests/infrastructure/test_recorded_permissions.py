"""Each role allows what is done with it, and nothing else.

What the functions do is recorded while every use case runs; what AWS does for them follows from the template. The sets
are equal, so an action that nobody needs fails as an action that somebody lacks does.
"""

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import Session

from taskbell.application.workflow_steps import Step
from tests.characterization import test_workflow_steps
from tests.infrastructure.compiled import Template
from tests.infrastructure.grants import Grant, granted, needed_by_aws, role_of
from tests.infrastructure.resources import STAGES, of_type, referred
from tests.infrastructure.use_cases import UseCases, use_cases
from tests.support.recorded_calls import ADAPTERS, Call, CallSite

Compiled = Callable[[str], Template]

# Made with an operator's own credentials, by the command `taskbell`.
BY_OPERATORS = {
    ("dynamodb/statistics.py", "DynamoDBStatisticsRepository.add"),
    ("redrive_targets.py", "SqsMessageMover"),
}


@pytest.fixture(scope="module")
def recorded() -> Iterator[UseCases]:
    """What was recorded while every use case ran."""
    with use_cases() as cases:
        cases.run()
        yield cases


@pytest.mark.parametrize("stage", STAGES)
def test_each_role_allows_what_is_done_with_it_and_nothing_else(
    compiled: Compiled, recorded: UseCases, stage: str
) -> None:
    template = compiled(stage)
    needed, allowed = _needed(template, recorded), granted(template)
    assert sorted(needed - allowed) == []
    assert sorted(allowed - needed) == []


def test_an_action_that_nobody_needs_is_found_and_one_that_is_missing(compiled: Compiled, recorded: UseCases) -> None:
    template = copy.deepcopy(compiled("production"))
    statements = template["Resources"]["HandleEventsRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (of_table,) = [statement for statement in statements if "dynamodb:BatchWriteItem" in statement["Action"]]
    of_table["Action"] = ["dynamodb:Scan", *of_table["Action"]]
    of_table["Action"].remove("dynamodb:BatchWriteItem")
    needed, allowed = _needed(template, recorded), granted(template)
    assert needed - allowed == {Grant("HandleEventsRole", "dynamodb:BatchWriteItem", "TasksTable")}
    assert {grant.action for grant in allowed - needed} == {"dynamodb:Scan"}


def test_every_function_was_called_and_every_step_taken(compiled: Compiled, recorded: UseCases) -> None:
    functions = {_logical_id(call.function) for call in recorded.recorder.calls}
    assert functions == of_type(compiled("production"), "AWS::Lambda::Function").keys()
    assert {step for step, *_ in test_workflow_steps.STEPS} >= {step.value for step in Step}


def test_every_place_that_calls_aws_was_reached_unless_it_is_for_operators(recorded: UseCases) -> None:
    sites = set(_call_sites())
    unreached = sites - recorded.recorder.sites
    for_operators = {site for site in sites if _for_operators(site)}
    assert sorted(unreached - for_operators) == []
    assert sorted(for_operators - unreached) == []
    assert {entry for entry in BY_OPERATORS if not any(_for_operators(site, entry) for site in sites)} == set()


def _needed(template: Template, recorded: UseCases) -> set[Grant]:
    return needed_by_aws(template) | {_grant(template, recorded, call) for call in recorded.recorder.calls}


def _grant(template: Template, recorded: UseCases, call: Call) -> Grant:
    """What a call needs of the function's role; the call's resource is one that the function's environment names."""
    function = template["Resources"][_logical_id(call.function)]["Properties"]
    variables = function["Environment"]["Variables"]
    values = {recorded.stage.environment[name]: value for name, value in variables.items() if _is_resource(value)}
    if call.resource == "*":
        return Grant(role_of(function), call.action, "*")
    resource = referred(values[call.resource]) if call.resource else None
    if resource is None:  # a call on the stream of the table
        (resource,) = of_type(template, "AWS::DynamoDB::Table")
    return Grant(role_of(function), call.action, f"{resource}/{call.part}" if call.part else resource)


def _logical_id(function: str) -> str:
    return f"{function[0].upper()}{function[1:]}LambdaFunction"


def _is_resource(value: Any) -> bool:
    return referred(value) is not None


def _call_sites() -> Iterator[CallSite]:
    """Every method of an adapter that calls an operation of a client."""
    operations = _operations()
    for path in sorted(ADAPTERS.rglob("*.py")):
        for name, method in _functions_of(ast.parse(path.read_text())):
            for node in ast.walk(method):
                if isinstance(node, ast.Call) and (operation := _operation(node)) in operations:
                    yield CallSite(path.relative_to(ADAPTERS).as_posix(), name, str(operation))


def _functions_of(module: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in module.body:
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{each.name}", each) for each in node.body if isinstance(each, ast.FunctionDef))
        elif isinstance(node, ast.FunctionDef):
            yield node.name, node


def _operation(call: ast.Call) -> str | None:
    """The operation that a call to a client is for, also through a paginator; None if it is to anything else."""
    if not isinstance(call.func, ast.Attribute):
        return None
    if "client" not in (receiver := ast.unparse(call.func.value)) and receiver != "parameters":
        return None
    if call.func.attr == "get_paginator":
        (name,) = call.args
        return str(ast.literal_eval(name))
    return call.func.attr


def _operations() -> set[str]:
    session, services = (
        Session(),
        ("cloudwatch", "cognito-idp", "dynamodb", "dynamodbstreams", "lambda", "sqs", "ssm", "stepfunctions"),
    )
    return {xform_name(name) for service in services for name in session.get_service_model(service).operation_names}


def _for_operators(site: CallSite, entry: tuple[str, str] | None = None) -> bool:
    entries = [entry] if entry else BY_OPERATORS
    return any(site.module == module and f"{site.method}.".startswith(f"{name}.") for module, name in entries)
