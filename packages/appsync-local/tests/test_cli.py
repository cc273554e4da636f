"""The command: its output, what it serves, and its errors."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from appsync_local.cli import main
from appsync_local.template.loading import load_template
from appsync_local.template.references import LocalReferences

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: greetings, AuthenticationType: API_KEY}
  Key:
    Type: AWS::AppSync::ApiKey
    Properties: {ApiId: !GetAtt Api.ApiId}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: "type Query { hello(name: String!): String }"
  Greet:
    Type: AWS::Lambda::Function
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      Name: greet
      Type: AWS_LAMBDA
      LambdaConfig: {LambdaFunctionArn: !GetAtt Greet.Arn}
  Hello:
    Type: AWS::AppSync::Resolver
    Properties: {TypeName: Query, FieldName: hello, DataSourceName: !GetAtt Source.Name}
"""
HANDLER = "def handler(event, context):\n    return f\"Hello, {event['arguments']['name']}!\"\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "api.yml").write_text(TEMPLATE)
    (tmp_path / "greetings.py").write_text(HANDLER)
    for name, text in (("broken.json", "x"), ("broken.yml", "{"), ("empty.yml", "")):
        (tmp_path / name).write_text(text)
    return tmp_path


def ask(url: str, key: str, query: str) -> Any:
    request = urllib.request.Request(url, json.dumps({"query": query}).encode(), {"x-api-key": key})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_a_template_until_it_is_stopped(folder: Path, stop: signal.Signals) -> None:
    command = [sys.executable, "-m", "appsync_local", "serve", "--template", "api.yml", "--port", "0"]
    command += ["--function", "Greet=greetings:handler"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().split()[1]
        key = process.stdout.readline().split()[-1]
        assert url.startswith("http://127.0.0.1:")
        assert ask(url, key, '{ hello(name: "Ada") }') == {"data": {"hello": "Hello, Ada!"}}
        process.send_signal(stop)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--template", "none.json"], "No such file or directory: 'none.json'"),
        (["--template", "broken.json"], "the template broken.json (Expecting value"),
        (["--template", "broken.yml"], "the template broken.yml (while parsing"),
        (["--template", "empty.yml"], "the template empty.yml, which is no object"),
        (["--template", "api.yml"], "Greet: no function of that name is given"),
        (["--template", "api.yml", "--function", "Greet=none:handler"], "none:handler cannot be imported"),
        (["--template", "api.yml", "--function", "Greet=greetings:none"], "greetings:none cannot be imported"),
        (["--template", "api.yml", "--function", "Greet=greetings:__name__"], "is not callable"),
        (["--template", "api.yml", "--function", "Greet=greetings:handler", "--allowed-origin", "x"], "is no origin"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert main(["serve", "--port", "0", *arguments]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["serve"], ["serve", "--template", "api.yml", "--function", "Greet"]])
def test_a_wrong_usage_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: appsync-local" in capsys.readouterr().err


def test_short_forms_of_functions_are_what_they_stand_for(tmp_path: Path) -> None:
    path = tmp_path / "t.yml"
    path.write_text("a: !Ref B\nc: !GetAtt D.E\nf: !Sub 'x-${G}'\nh: !Join ['', [!Ref I, j]]\nk: !If {l: m}\n")
    assert load_template(path) == {
        "a": {"Ref": "B"},
        "c": {"Fn::GetAtt": ["D", "E"]},
        "f": {"Fn::Sub": "x-${G}"},
        "h": {"Fn::Join": ["", [{"Ref": "I"}, "j"]]},
        "k": {"Fn::If": {"l": "m"}},
    }


def test_references_stand_for_given_values_or_for_themselves() -> None:
    resolve = LocalReferences("da2-x", {"UserPool": "eu-central-1_a"})
    assert resolve({"Ref": "UserPool"}) == "eu-central-1_a"
    assert resolve({"Ref": "Client"}) == "Client"
    assert resolve({"Fn::GetAtt": ["Key", "ApiKey"]}) == "da2-x"
    assert resolve({"Fn::GetAtt": "Table.Arn"}) == "Table.Arn"
    with pytest.raises(ValueError, match="only Ref"):
        resolve({"Fn::Sub": "x"})
