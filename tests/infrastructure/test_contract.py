"""serverless.yml connects exactly the schema's fields to the functions that resolve them."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_lambda_powertools.event_handler import AppSyncResolver
from graphql import ObjectTypeDefinitionNode, parse

from tests.infrastructure.compiled import Properties

OfType = Callable[[str], dict[str, Properties]]
ROOTS = {"Query", "Mutation", "Subscription"}
READ_APART = {"Task.subtasks", "TaskList.counts"}  # no part of what is stored of its parent


@pytest.fixture(scope="module")
def wired(of_type: OfType) -> dict[str, str]:
    """The data source's logical id of each wired `Type.field`."""
    return {
        f"{resolver['TypeName']}.{resolver['FieldName']}": resolver["DataSourceName"]["Fn::GetAtt"][0]
        for resolver in of_type("AWS::AppSync::Resolver").values()
    }


@pytest.fixture(scope="module")
def function_of(of_type: OfType) -> dict[str, str]:
    """The function's logical id behind each data source that has one."""
    return {
        name: source["LambdaConfig"]["LambdaFunctionArn"]["Fn::GetAtt"][0]
        for name, source in of_type("AWS::AppSync::DataSource").items()
        if source["Type"] == "AWS_LAMBDA"
    }


def test_every_field_that_can_be_asked_has_a_resolver_and_every_resolver_a_field(
    checkout: Path, wired: dict[str, str]
) -> None:
    fields = _fields(checkout / "schema.graphql")
    expected = {name for name, arguments in fields.items() if arguments or name.partition(".")[0] in ROOTS}
    assert set(wired) == expected | READ_APART


def test_the_compiled_schema_is_the_schema_word_for_word(checkout: Path, of_type: OfType) -> None:
    (schema,) = of_type("AWS::AppSync::GraphQLSchema").values()
    assert schema["Definition"] == (checkout / "schema.graphql").read_text()


def test_every_resolver_that_a_function_registers_is_wired_to_it_and_nothing_else(
    of_type: OfType, wired: dict[str, str], function_of: dict[str, str]
) -> None:
    handlers = {name: function["Handler"] for name, function in of_type("AWS::Lambda::Function").items()}
    for function in set(function_of.values()):
        expected = {field for field, source in wired.items() if function_of.get(source) == function}
        assert expected == _registered(handlers[function]), function


def test_every_field_is_answered_by_a_function_or_by_code_that_passes_an_argument_on(
    of_type: OfType, wired: dict[str, str], function_of: dict[str, str], checkout: Path
) -> None:
    without_function = {field for field, source in wired.items() if source not in function_of}
    assert without_function == {"Mutation.publishTaskEvent", "Mutation.publishNotification"}
    fields = _fields(checkout / "schema.graphql")
    for resolver in of_type("AWS::AppSync::Resolver").values():
        if (field := f"{resolver['TypeName']}.{resolver['FieldName']}") in without_function:
            assert set(re.findall(r"ctx\.args\.(\w+)", resolver["Code"])) == fields[field], field


def test_every_handler_can_be_imported(of_type: OfType) -> None:
    for function in of_type("AWS::Lambda::Function").values():
        module, _, name = function["Handler"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name)), function["Handler"]


def test_the_functions_get_exactly_the_settings_that_are_read(checkout: Path, of_type: OfType) -> None:
    read = {
        name
        for module in (checkout / "src/taskbell").rglob("*.py")
        for name in re.findall(r'environ\["(\w+)"\]', module.read_text())
    }
    given = {
        name
        for function in of_type("AWS::Lambda::Function").values()
        for name in function["Environment"]["Variables"]
        if not name.startswith("POWERTOOLS_")
    }
    assert given == read


def _fields(schema: Path) -> dict[str, set[str]]:
    """The arguments' names of each `Type.field`."""
    types = [node for node in parse(schema.read_text()).definitions if isinstance(node, ObjectTypeDefinitionNode)]
    return {
        f"{node.name.value}.{field.name.value}": {argument.name.value for argument in field.arguments or ()}
        for node in types
        for field in node.fields or ()
    }


def _registered(handler: str) -> set[str]:
    app = importlib.import_module(handler.rpartition(".")[0]).app
    assert isinstance(app, AppSyncResolver)
    registries = (app._resolver_registry, app._batch_resolver_registry, app._async_batch_resolver_registry)
    return {field for registry in registries for field in registry.resolvers}
