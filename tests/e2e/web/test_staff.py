"""Staff reads a student's tasks."""

from playwright.sync_api import expect

from tests.e2e.web.people import People, accessibility_problems


def test_staff_finds_a_student_and_sees_what_the_student_does(people: People) -> None:
    student, teacher = people.account(), people.account("staff")
    of_teacher = people.open("/", teacher)
    of_teacher.get_by_role("button", name="Show a student's tasks").click()
    of_teacher.get_by_role("searchbox", name="Beginning of the user name").fill(student.name)
    assert accessibility_problems(of_teacher) == []
    of_teacher.get_by_role("button", name=student.name).click()
    expect(of_teacher.get_by_text(f"These are the tasks of {student.name}")).to_be_visible()
    expect(of_teacher.get_by_role("textbox", name="Add a task")).to_have_count(0)

    people.system.graphql(
        'mutation { createTask(input: { title: "Seen by two", dueAt: "2020-01-01" }) { errors { message } } }',
        authorization=people.token(student),
    )
    row = of_teacher.get_by_role("checkbox", name="Completed: Seen by two")
    expect(row).to_be_visible()
    row.click()
    expect(of_teacher.get_by_text("you can read them, but not change them")).to_be_visible()
    expect(row).not_to_be_checked()
    of_teacher.get_by_role("button", name="My own tasks").click()
    expect(of_teacher.get_by_role("textbox", name="Add a task")).to_be_visible()
