"""`taskbell web`: the configuration of a deployed stage's pages, and their upload."""

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import REGION, client
from tests.support.cli import Changed, Operated

GRAPHQL = f"https://x.appsync-api.{REGION}.amazonaws.com/graphql"
DAY = 86_400
BUILD = {
    "index.html": "<script src=/assets/board-1.js>",
    "graphiql/index.html": "<script src=/assets/explorer-1.js>",
    "ops/index.html": "<script src=/assets/ops-1.js>",
    "icon.svg": "<svg/>",
    "assets/board-1.js": "board()",
    "assets/explorer-1.js": "explorer()",
    "assets/ops-1.js": "ops()",
    "assets/codicon-1.ttf": "font",
    ".sources": "the hash of the sources",
    ".vite/manifest.json": "{}",
    "amplify_outputs.json": "of another stage",
}


@pytest.fixture
def deployed(operated: Operated) -> Operated:
    """A stage with a GraphQL API and a bucket for its pages."""
    s3, appsync = client("s3"), client("appsync")
    s3.create_bucket(Bucket="pages", CreateBucketConfiguration={"LocationConstraint": REGION})
    api = appsync.create_graphql_api(name="taskbell-dev", authenticationType="API_KEY")["graphqlApi"]["apiId"]
    outputs = {
        "GraphQlUrl": GRAPHQL,
        "GraphQlApiId": api,
        "UserPoolId": f"{REGION}_x",
        "UserPoolClientId": "frontends",
    }
    operated.stage = replace(operated.stage, outputs={**operated.stage.outputs, **outputs})
    operated.clients |= {"s3": s3, "appsync": appsync, "cloudformation": Stacks()}
    return operated


class Stacks:
    """CloudFormation with the stack of the pages, of one stage."""

    def describe_stacks(self, **request: str) -> dict[str, Any]:
        name = request["StackName"]
        if name != "taskbell-web-dev":
            error: Any = {"Code": "ValidationError", "Message": f"Stack with id {name} does not exist"}
            raise ClientError({"Error": error}, "DescribeStacks")
        outputs = {"BucketName": "pages", "DistributionId": "E1", "Url": "https://d1.cloudfront.net"}
        return {"Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]}]}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return make_build(tmp_path / "dist", BUILD)


def make_build(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def uploaded(operated: Operated, folder: Path, stage: str = "dev", status: int = 0) -> Any:
    return operated.run_json("web", "upload", str(folder), "--stage", stage, status=status)


def head(key: str) -> dict[str, Any]:
    found: dict[str, Any] = client("s3").get_object(Bucket="pages", Key=key)
    return found


def test_a_stage_without_guests_has_users_alone(deployed: Operated) -> None:
    found = deployed.run_json("web", "config", "--stage", "production")
    assert found["auth"]["user_pool_id"] == f"{REGION}_x"
    assert found["auth"]["user_pool_client_id"] == "frontends"
    assert found["data"] == {
        "url": GRAPHQL,
        "aws_region": REGION,
        "default_authorization_type": "AMAZON_COGNITO_USER_POOLS",
        "authorization_types": ["AWS_IAM"],
    }


def test_guests_get_the_key_that_is_valid_longest(deployed: Operated) -> None:
    api, now = deployed.stage.outputs["GraphQlApiId"], int(time.time())
    expirations = (now + 7 * DAY, now + 30 * DAY, now + 2 * DAY)
    keys = [client("appsync").create_api_key(apiId=api, expires=at)["apiKey"]["id"] for at in expirations]
    found = deployed.run_json("web", "config", "--stage", "dev")
    assert found["data"]["api_key"] == keys[1]
    assert found["data"]["authorization_types"] == ["API_KEY", "AWS_IAM"]


def test_an_expired_key_is_none_though_appsync_lists_it(deployed: Operated) -> None:
    pages = [{"apiKeys": [{"id": "da2-expired", "expires": int(time.time()) - 1}]}]
    paginator = SimpleNamespace(paginate=lambda **_: pages)
    deployed.clients["appsync"] = Changed(None, get_paginator=lambda _: paginator)
    assert "api_key" not in deployed.run_json("web", "config", "--stage", "dev")["data"]


def test_assets_come_first_and_pages_last(deployed: Operated, build: Path) -> None:
    answer = uploaded(deployed, build)
    assert answer == {
        "stage": "dev",
        "url": "https://d1.cloudfront.net",
        "uploaded": [
            "assets/board-1.js",
            "assets/codicon-1.ttf",
            "assets/explorer-1.js",
            "assets/ops-1.js",
            "amplify_outputs.json",
            "icon.svg",
            "graphiql/index.html",
            "index.html",
            "ops/index.html",
        ],
        "kept": 0,
    }


@pytest.mark.parametrize(
    ("key", "content_type", "cache_control"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("amplify_outputs.json", "application/json; charset=utf-8", "no-cache"),
        ("icon.svg", "image/svg+xml; charset=utf-8", "no-cache"),
        ("assets/board-1.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("assets/codicon-1.ttf", "font/ttf", "public, max-age=31536000, immutable"),
    ],
)
def test_only_files_named_by_their_content_are_cached(
    deployed: Operated, build: Path, key: str, content_type: str, cache_control: str
) -> None:
    uploaded(deployed, build)
    found = head(key)
    assert (found["ContentType"], found["CacheControl"]) == (content_type, cache_control)


def test_the_configuration_is_that_of_the_stage_whatever_lies_in_the_folder(deployed: Operated, build: Path) -> None:
    uploaded(deployed, build)
    assert GRAPHQL in head("amplify_outputs.json")["Body"].read().decode()


def test_assets_of_an_earlier_build_stay_and_are_not_sent_again(deployed: Operated, build: Path) -> None:
    uploaded(deployed, build)
    (build / "assets/board-1.js").unlink()
    make_build(build, {"assets/board-2.js": "board(2)", "index.html": "<script src=/assets/board-2.js>"})
    answer = uploaded(deployed, build)
    assert "assets/board-2.js" in answer["uploaded"]
    assert answer["kept"] == 3
    assert head("assets/board-1.js")["Body"].read() == b"board()"


def test_an_earlier_build_is_rolled_back_to_though_its_files_are_older_and_as_long(
    deployed: Operated, build: Path, tmp_path: Path
) -> None:
    later = make_build(tmp_path / "later", {**BUILD, "index.html": BUILD["index.html"].replace("1", "2")})
    uploaded(deployed, later)
    uploaded(deployed, build)
    assert head("index.html")["Body"].read().decode() == BUILD["index.html"]


def test_an_upload_that_was_cut_leaves_the_former_pages_and_is_completed_by_the_next(
    deployed: Operated, build: Path, tmp_path: Path
) -> None:
    uploaded(deployed, build)
    new = {
        "assets/board-2.js": "board(2)",
        "assets/ops-2.js": "ops(2)",
        "index.html": "<script src=/assets/board-2.js>",
    }
    later = make_build(tmp_path / "later", BUILD | new)
    s3 = deployed.clients["s3"]

    def cut(**request: Any) -> Any:
        if request["Key"] == "assets/ops-2.js":
            raise ClientError({"Error": {"Code": "SlowDown", "Message": "Reduce your request rate."}}, "PutObject")
        return s3.put_object(**request)

    deployed.clients["s3"] = Changed(s3, put_object=cut)
    result = deployed.run("web", "upload", str(later), "--stage", "dev", status=1)
    assert "SlowDown" in result.stderr
    assert head("index.html")["Body"].read().decode() == BUILD["index.html"]
    deployed.clients["s3"] = s3
    assert "index.html" in uploaded(deployed, later)["uploaded"]
    assert head("assets/ops-2.js")["Body"].read() == b"ops(2)"


def test_an_asset_of_another_length_is_replaced(deployed: Operated, build: Path) -> None:
    client("s3").put_object(Bucket="pages", Key="assets/board-1.js", Body=b"")
    uploaded(deployed, build)
    assert head("assets/board-1.js")["Body"].read() == b"board()"


@pytest.mark.parametrize("missing", ["index.html", "graphiql/index.html", "ops/index.html"])
def test_half_a_build_is_refused_before_anything_is_uploaded(deployed: Operated, build: Path, missing: str) -> None:
    (build / missing).unlink()
    result = deployed.run("web", "upload", str(build), "--stage", "dev", status=1)
    assert f"holds no build of the pages: {missing} is missing." in result.stderr
    assert client("s3").list_objects_v2(Bucket="pages")["KeyCount"] == 0


def test_a_stage_whose_pages_nothing_serves_says_what_to_do(deployed: Operated, build: Path) -> None:
    result = deployed.run("web", "upload", str(build), "--stage", "staging", status=1)
    assert result.stderr == (
        "Nothing serves pages of 'staging': no stack taskbell-web-staging; deploy infrastructure/web.yml first.\n"
    )


@pytest.mark.parametrize("arguments", [["config"], ["upload", "dist"], ["config", "--stage", "local"]])
def test_the_local_system_needs_neither(deployed: Operated, arguments: list[str]) -> None:
    result = deployed.run("web", *arguments, status=2)
    assert "--stage" in result.stderr
    assert deployed.targets == []


def test_people_get_one_line(deployed: Operated, build: Path) -> None:
    line = deployed.run("web", "upload", str(build), "--stage", "dev").stdout
    assert line == "Uploaded 9 files, 0 were there already: https://d1.cloudfront.net\n"
