"""The stack that serves a stage's pages, deployed to the local AWS, which knows all of its resources."""

from pathlib import Path
from typing import Any

import boto3

from local.ministack import boto3_arguments
from local.page_headers import TEMPLATE
from taskbell.cli.upload import PAGES, upload
from tests.e2e.waiting import until
from tests.support.local_system import LocalSystem

NAME = "taskbell-web-example"
PARAMETERS = {
    "GraphQlUrl": "https://abc.appsync-api.eu-central-1.amazonaws.com/graphql",
    "RealtimeUrl": "wss://abc.appsync-realtime-api.eu-central-1.amazonaws.com/graphql",
}


async def test_the_stack_is_deployed_and_takes_the_pages(system: LocalSystem, tmp_path: Path) -> None:
    outputs = await deployed(boto3.client("cloudformation", **boto3_arguments(system.settings)))
    assert outputs["BucketName"].startswith(f"{NAME}-files-")  # as the pipeline's role names it
    assert outputs["Url"].endswith(".cloudfront.net")
    for name in (*PAGES, "assets/board-1.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    s3: Any = boto3.client("s3", **boto3_arguments(system.settings))
    first = upload(tmp_path, {"version": "1"}, s3, outputs["BucketName"])
    again = upload(tmp_path, {"version": "1"}, s3, outputs["BucketName"])
    assert first.keys == ["assets/board-1.js", "amplify_outputs.json", *sorted(PAGES)]
    assert again.keys == first.keys[1:]
    found = s3.get_object(Bucket=outputs["BucketName"], Key="assets/board-1.js")
    assert (found["Body"].read(), found["ContentType"]) == (b"assets/board-1.js", "text/javascript; charset=utf-8")
    assert found["CacheControl"] == "public, max-age=31536000, immutable"


async def deployed(cloudformation: Any) -> dict[str, str]:
    """Create the stack; its outputs."""
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()]
    cloudformation.create_stack(StackName=NAME, TemplateBody=TEMPLATE.read_text(), Parameters=parameters)

    def finished() -> Any:
        (stack,) = cloudformation.describe_stacks(StackName=NAME)["Stacks"]
        return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

    stack = await until(finished)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
