"""The pipeline may deploy its stage and nothing else, and does what the repository does by hand."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.page_headers import TemplateLoader
from tests.infrastructure.resources import listed

Resources = dict[str, dict[str, Any]]

# What is made before it has a name, or never has one: Service Authorization Reference of each service.
WITHOUT_RESOURCE = {
    "cloudformation:ValidateTemplate",
    "cognito-idp:CreateUserPool",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "secretsmanager:GetRandomPassword",
}


@pytest.fixture(scope="module")
def resources(checkout: Path) -> Resources:
    text = (checkout / "infrastructure/pipeline.yml").read_text()
    found: Resources = yaml.load(text, TemplateLoader)["Resources"]  # noqa: S506 (it is a safe loader)
    return found


def test_no_role_of_the_pipeline_may_do_everything_of_anything(resources: Resources) -> None:
    actions = [action for statement in _statements(resources) for action in listed(statement["Action"])]
    assert [action for action in actions if "*" in action] == []


def test_the_pipeline_names_what_it_touches_wherever_aws_knows_a_name(resources: Resources) -> None:
    everywhere = {
        action
        for statement in _statements(resources)
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }
    assert everywhere <= WITHOUT_RESOURCE


def test_a_role_is_handed_on_only_to_the_services_that_use_it(resources: Resources) -> None:
    handing_on = [statement for statement in _statements(resources) if "iam:PassRole" in listed(statement["Action"])]
    assert len(handing_on) == 2
    assert all("iam:PassedToService" in statement["Condition"]["StringEquals"] for statement in handing_on)


def test_artifacts_are_encrypted_private_and_forgotten(resources: Resources) -> None:
    bucket = resources["Artifacts"]["Properties"]
    assert bucket["BucketEncryption"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] <= 90
    (statement,) = resources["ArtifactsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_push_to_the_branch_starts_the_pipeline_once(resources: Resources) -> None:
    pipeline = resources["Pipeline"]["Properties"]
    (trigger,) = pipeline["Triggers"]
    source = pipeline["Stages"][0]["Actions"][0]
    assert pipeline["PipelineType"] == "V2"
    assert trigger["GitConfiguration"]["SourceActionName"] == source["Name"]
    assert trigger["GitConfiguration"]["Push"] == [{"Branches": {"Includes": [{"Ref": "Branch"}]}}]
    assert source["Configuration"]["DetectChanges"] == "false"


def test_the_build_checks_and_tests_before_it_packages_and_deploys(checkout: Path, resources: Resources) -> None:
    phases = yaml.safe_load((checkout / "buildspec.yml").read_text())["phases"]
    assert phases["pre_build"]["commands"] == [".ci/run"]
    package, deploy, upload = phases["build"]["commands"]
    assert package == 'make package STAGE="$STAGE"'
    assert 'deploy --stage "$STAGE" --package .serverless' in deploy
    given = {variable["Name"] for variable in resources["Build"]["Properties"]["Environment"]["EnvironmentVariables"]}
    assert given == {"STAGE", "TASKBELL_DEPLOYMENT_ROLE", "PAGES"}
    assert 'taskbell web upload web/dist --stage "$STAGE"' in upload
    assert "${env:TASKBELL_DEPLOYMENT_ROLE" in (checkout / "serverless.yml").read_text()


def test_pages_are_uploaded_where_that_is_asked_for_and_nothing_there_is_deleted(resources: Resources) -> None:
    upload = resources["PagesUpload"]
    assert upload["Condition"] == "UploadsPages"
    actions = [listed(statement["Action"]) for statement in upload["Properties"]["PolicyDocument"]["Statement"]]
    assert actions == [["cloudformation:DescribeStacks"], ["s3:ListBucket"], ["s3:PutObject"]]


@pytest.mark.parametrize(("pages", "runs"), [("none", []), ("uploaded", ["make", "taskbell"])])
def test_the_build_uploads_pages_only_where_that_is_asked_for(
    checkout: Path, tmp_path: Path, pages: str, runs: list[str]
) -> None:
    *_, command = yaml.safe_load((checkout / "buildspec.yml").read_text())["phases"]["build"]["commands"]
    for program in (tmp_path / "make", tmp_path / ".venv/bin/taskbell"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text('#!/bin/sh\necho "${0##*/}"\n')
        program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PAGES": pages, "STAGE": "staging"}
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert ran.stdout.decode().split() == runs


def _statements(resources: Resources) -> Iterator[dict[str, Any]]:
    for resource in resources.values():
        properties = resource["Properties"]
        policies = properties.get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []
        if resource["Type"] == "AWS::IAM::RolePolicy":
            policies = [properties]
        for policy in policies:
            yield from policy["PolicyDocument"]["Statement"]


def test_every_continuous_integration_runs_the_same_script(checkout: Path) -> None:
    workflow = yaml.safe_load((checkout / ".github/workflows/ci.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert ".ci/run" in (checkout / "buildspec.yml").read_text()
    (hook,) = yaml.safe_load((checkout / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert hook["entry"] == "make check"
