"""An administrator sees the pipeline, finds a dead letter with its cause, traces its task and redrives it."""

import json
from typing import Any
from uuid import uuid4

import boto3
from playwright.sync_api import expect

from taskbell.application.serialization import event_to_dict
from taskbell.domain.events import event_between
from tests.e2e.web.people import MENU, Account, People, accessibility_problems
from tests.support.examples import example_task

CREATE = 'mutation { createTask(input: { title: "Essay on Rome" }) { task { id ownerId } } }'
CAUSE = "KeyError: 'title'"


def add_dead_letter(people: People, account: Account) -> str:
    """Have a dead letter about a task of the account; the task's id without its owner."""
    _, answer = people.system.graphql(CREATE, authorization=people.token(account))
    _, owner_id, task_id = answer["data"]["createTask"]["task"]["id"].split(":")
    connection = people.system.connection
    sqs: Any = boto3.client(
        "sqs",
        endpoint_url=connection["awsEndpoint"],
        region_name=connection["region"],
        aws_access_key_id=connection["awsAccessKeyId"],
        aws_secret_access_key=connection["awsSecretAccessKey"],
    )
    event = event_between(None, example_task(id=task_id, owner_id=owner_id))
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName="taskbell-local-TaskEventsDeadLetters.fifo")["QueueUrl"],
        MessageBody=json.dumps(event_to_dict(event)),
        MessageGroupId=task_id,
        MessageDeduplicationId=str(uuid4()),
        MessageAttributes={"cause": {"DataType": "String", "StringValue": CAUSE}},
    )
    return str(task_id)


def test_only_an_administrator_sees_the_pipeline_traces_a_dead_letter_and_redrives_it(people: People) -> None:
    task_id = add_dead_letter(people, people.account())
    page = people.open("/ops")
    expect(page.get_by_text("This page is for administrators. You are guest")).to_be_visible()
    page.get_by_role("button", name=MENU).click()
    page.get_by_role("button", name="linus (admins)").click()
    picture = page.get_by_role("img", name="The pipeline as a picture")
    expect(picture).to_contain_text("ACTIVE")
    expect(page.get_by_text("TaskEventsDeadLetters: dead letters")).to_be_visible()
    page.get_by_text("All figures as a table").click()
    expect(page.get_by_role("row", name="Table status")).to_contain_text("ACTIVE")

    letter = page.get_by_role("listitem").filter(has_text=task_id)
    expect(letter).to_contain_text(CAUSE)
    letter.get_by_text("Body").click()
    expect(letter).to_contain_text('"title": "Write the essay"')
    letter.get_by_role("link", name="Trace of the task").click()
    trace = page.get_by_role("region", name="Trace of a task")
    expect(trace).to_contain_text("Essay on Rome")
    expect(trace.get_by_role("row", name="CREATED 1")).to_be_visible()

    redrive = letter.get_by_role("button", name=f"Redrive: {task_id}")
    redrive.click()
    dialog = page.get_by_role("dialog", name="Redrive this dead letter?")
    expect(dialog).to_contain_text("sent to the queue TaskEvents again")
    assert accessibility_problems(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(redrive).to_be_focused()
    redrive.click()
    dialog.get_by_role("button", name="Redrive").click()
    expect(page.get_by_text("One dead letter was redriven.")).to_be_visible()
    expect(letter).to_have_count(0)
