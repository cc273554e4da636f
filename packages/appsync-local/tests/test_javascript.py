"""The code of resolvers: what APPSYNC_JS has, what it refuses, and the limits of an evaluation."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appsync_local.errors import FieldError
from appsync_local.javascript.script import Script, ScriptLimits
from appsync_local.javascript.source import CodeError

RESPONSE = "\nexport function response(ctx) { return ctx.result; }"
IMPORTS = """
import {
  util as u,
  extensions } from '@aws-appsync/utils';
export const request = (ctx) => u.str.normalize(ctx.args.id, 'nfc'), response = () => 1;
"""
CONTEXT: dict[str, Any] = {
    "arguments": {"id": "1", "tags": ["a", "b"]},
    "identity": None,
    "source": None,
    "info": {"fieldName": "task", "selectionSetList": ["id"]},
    "stash": {},
}


def script(body: str, **limits: Any) -> Script:
    return Script(f"export function request(ctx) {{ {body} }}{RESPONSE}", ScriptLimits(**limits))


def value(expression: str) -> Any:
    return script(f"return {expression};").evaluate("request", CONTEXT).value


def failure(body: str, **limits: Any) -> FieldError:
    with pytest.raises(FieldError) as raised:
        script(body, **limits).evaluate("request", CONTEXT)
    return raised.value


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("try { a() } catch { }", "Try statements are not supported."),
        ("throw ctx", "Throw statements are not supported."),
        ("while (true) { }", "While statements are not supported."),
        ("do { } while (true)", "do...while statements are not supported."),
        ("for (let i = 0; i < 1; i += 1) { }", "For statements are not supported."),
        ("for (const a of b) { continue }", "Continue statements are not supported"),
        ("loop: for (const a of b) { }", "Labeled statements are not supported."),
        ("class A { }", "Class declarations are not supported."),
        ("return /a/.test('a')", "Regex literals are not supported."),
        ("return this", "This expressions are not supported."),
        ("const f = async () => 1", "Async functions are not supported."),
        ("function* f() { }", "Generator functions are not supported."),
        ("return new Promise(f)", "Promise is not supported"),
        ("return 'a' in ctx", "in operator is not supported. Use Object.hasOwn()."),
        ("return ctx instanceof Object", "The operator instanceof is not supported"),
        ("let a = 1; a++", "The operator ++ is not supported"),
        ("return ~1", "The operator ~ is not supported"),
        ("extensions.setSubscriptionFilter({})", "extensions.setSubscriptionFilter is not emulated"),
        ("return util.dynamodb.toMapValues(ctx.args)", "util.dynamodb is not emulated"),
    ],
)
def test_what_appsync_js_does_not_have_is_refused_by_its_place(code: str, problem: str) -> None:
    with pytest.raises(CodeError, match=r"code\.js:2:\d+: ") as refused:
        Script(f"export function request(ctx) {{\n{code}; }}{RESPONSE}")
    assert str(refused.value).endswith(problem)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "import { get } from '@aws-appsync/utils/dynamodb';",
            "the module @aws-appsync/utils/dynamodb is not emulated",
        ),
        ("import { select } from '@aws-appsync/utils';", "select of @aws-appsync/utils is not emulated"),
        ("import * as all from '@aws-appsync/utils';", "imports of @aws-appsync/utils other than by name are not"),
        ("export default 1;", "exports other than functions by their names are not supported"),
        ("const a = ;", "SyntaxError: unexpected token in expression: ';'"),
        ("nowhere();", "ReferenceError: nowhere is not defined"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_refused(code: str, problem: str) -> None:
    with pytest.raises(CodeError, match=re.escape(problem)):
        Script(f"{code}\nexport function request() {{ }}{RESPONSE}")


def test_both_handlers_have_to_be_exported() -> None:
    with pytest.raises(CodeError, match="request and response are not both exported"):
        Script("export function request() { }")


@pytest.mark.parametrize(
    "code",
    [
        "export const request = (ctx) => ctx.args.id; export const response = (ctx) => ctx.result;",
        "function ask(ctx) { return ctx.args.id } function response() { } export { ask as request, response };",
        IMPORTS,
    ],
)
def test_handlers_are_exported_as_modules_may(code: str) -> None:
    assert Script(code).evaluate("request", CONTEXT).value == "1"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ctx.args.tags.map((tag) => `${tag}!`)", ["a!", "b!"]),
        ("({ ...ctx.arguments, more: ctx.nothing ?? 1 })", {"id": "1", "tags": ["a", "b"], "more": 1}),
        ("Object.entries(ctx.args)", [["id", "1"], ["tags", ["a", "b"]]]),
        ("[...new Set(['a', 'a'])].length", 1),
        ("JSON.parse(JSON.stringify(ctx.args)).id", "1"),
        ("[typeof Date, typeof RegExp, typeof Promise, typeof eval, typeof globalThis]", ["undefined"] * 5),
        ("[typeof $run, typeof $define, typeof $marker, typeof Math.random]", ["undefined"] * 4),
        ("util.urlEncode('a b&ü')", "a+b%26%C3%BC"),
        ("util.urlDecode('a+b%26%C3%BC')", "a b&ü"),
        ("util.base64Encode('hü')", "aMO8"),
        ("util.base64Decode('aMO8')", "hü"),
        ("util.escapeJavaScript('a\"b')", 'a\\"b'),
        ("[util.matches('^a+$', 'aa'), util.matches('b', 'aa')]", [True, False]),
        ("util.math.roundNum(1.5) + util.math.minVal(1, 2) + util.math.maxVal(1, 2)", 5),
        ("[util.math.randomDouble() < 1, util.math.randomWithinRange(3, 3)]", [True, 3]),
        ("util.time.epochMilliSecondsToSeconds(1517943695750)", 1517943695),
        ("util.time.epochMilliSecondsToISO8601(1517943695750)", "2018-02-06T19:01:35.750Z"),
        ("util.time.parseISO8601ToEpochMilliSeconds('2018-02-06T20:01:35.750+01:00')", 1517943695750),
        ("util.time.nowEpochSeconds() <= util.time.nowEpochMilliSeconds() / 1000", True),
        ("util.time.nowISO8601() > '2026'", True),
        ("util.time.nowFormatted('yyyy', 'Europe/Vienna').length", 4),
    ],
)
def test_what_appsync_js_has(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("pattern", "zone", "expected"),
    [
        ("yyyy-MM-dd HH:mm:ssZ", None, "2018-02-06 19:01:35+0000"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "Europe/Vienna", "2018-02-06T20:01:35.750+01:00"),
        ("EEE, d MMM yy h:mm a", None, "Tue, 6 Feb 18 7:01 PM"),
        ("EEEE, D 'o''clock' VV z", "America/New_York", "Tuesday, 37 o'clock America/New_York EST"),
        ("X x XX XXX", "Asia/Kolkata", "+0530 +0530 +0530 +05:30"),
        ("XXX X", None, "Z Z"),
    ],
)
def test_times_are_formatted_by_javas_patterns(pattern: str, zone: str | None, expected: str) -> None:
    given = pattern.replace("'", "\\'")
    arguments = f"1517943695750, '{given}'" + (f", '{zone}'" if zone else "")
    assert value(f"util.time.epochMilliSecondsToFormatted({arguments})") == expected


@pytest.mark.parametrize(
    ("text", "pattern", "zone"),
    [
        ("2018-02-06 20:01:35+0100", "yyyy-MM-dd HH:mm:ssZ", None),
        ("2018-02-06 20:01:35", "yyyy-MM-dd HH:mm:ss", "Europe/Vienna"),
        ("06.02.2018 19:01:35.000Z", "dd.MM.yyyy H:mm:ss.SSSX", None),
        ("2018-02-06T20:01:35 Europe/Vienna", "yyyy-MM-dd''T''HH:mm:ss VV".replace("''", "\\'"), None),
    ],
)
def test_times_are_parsed_by_javas_patterns(text: str, pattern: str, zone: str | None) -> None:
    arguments = f"'{text}', '{pattern}'" + (f", '{zone}'" if zone else "")
    assert value(f"util.time.parseFormattedToEpochMilliSeconds({arguments})") == 1517943695000


def test_generated_ids_differ_and_sort_where_they_should() -> None:
    ids = value("[1, 2, 3, 4].map(() => [util.autoId(), util.autoUlid(), util.autoKsuid()])")
    assert len({id_ for row in ids for id_ in row}) == 12
    assert [len(id_) for id_ in ids[0]] == [36, 26, 27]


def test_an_error_has_what_the_code_gives_it() -> None:
    error = failure("util.error('No.', 'TOO_MANY', ctx.args, { max: 3 });")
    assert (error.message, error.error_type) == ("No.", "TOO_MANY")
    assert (error.data, error.error_info) == (CONTEXT["arguments"], {"max": 3})
    bare = failure("util.error('No.');")
    assert (bare.message, bare.error_type, bare.data, bare.error_info) == ("No.", None, None, None)


def test_appended_errors_leave_the_value() -> None:
    outcome = script("util.appendError('a', 'A'); util.appendError('b'); return 1;").evaluate("request", CONTEXT)
    assert outcome.value == 1
    assert [(error.message, error.error_type) for error in outcome.appended] == [("a", "A"), ("b", None)]


def test_an_early_return_ends_the_handler() -> None:
    outcome = script("runtime.earlyReturn({ a: 1 }, { skipTo: 'END' }); return 2;").evaluate("request", CONTEXT)
    assert (outcome.value, outcome.early, outcome.skip_to) == ({"a": 1}, True, "END")


def test_the_stash_is_changed_and_not_replaced() -> None:
    assert script("ctx.stash.a = ctx.args.id;").evaluate("request", CONTEXT).stash == {"a": "1"}
    assert "'stash' is read-only" in str(failure("ctx.stash = {};").message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("const a = null;\nreturn a.b;", "code.js:2:8: TypeError: cannot read property 'b' of null"),
        ("return new Date();", "code.js:1:36: ReferenceError: Date is not defined"),
        ("const f = (n) => f(n); return f(1);", "RangeError: Maximum call stack size exceeded"),
        ("return util.base64Decode('?');", "Error: Only base64 data is allowed"),
        ("return util.time.nowFormatted('QQQ');", "Error: The pattern letter QQQ is not emulated"),
        ("return util.time.nowFormatted('z', 'No/Where');", "No time zone found with key No/Where"),
        ("return 'a'.padStart(3);", "TypeError: not a function"),
        ("const a = []; a.push(a); return a;", "code.js: TypeError: circular reference"),
    ],
)
def test_what_fails_is_an_error_of_the_code_with_its_place(body: str, message: str) -> None:
    error = failure(body)
    assert error.error_type == "Code"
    assert message in str(error.message)


def test_code_that_does_not_end_is_ended_and_may_be_evaluated_again() -> None:
    often = "const a = [0,1,2,3,4,5,6,7,8,9]; for (const b of a) { a.push(b); }"
    endless = script(f"if (ctx.args.id === '1') {{ {often} }} return 'done';", seconds=0.05)
    with pytest.raises(FieldError, match=r"code\.js: The evaluation took too long\."):
        endless.evaluate("request", CONTEXT)
    assert endless.evaluate("request", CONTEXT | {"arguments": {}}).value == "done"


def test_code_that_fills_the_memory_is_ended_and_may_be_evaluated_again() -> None:
    fill = "const all = []; for (const a of list) { all.push(`${a}`.concat(JSON.stringify(list))); }"
    code = f"const list = [...Array(400)].map((_, i) => i + 'xxxxxxxxxxxx');{fill}"
    greedy = script(f"if (ctx.args.id === '1') {{ {code} }} return 'done';", memory_bytes=3_000_000)
    with pytest.raises(FieldError, match=r"code\.js: The evaluation used too much memory\."):
        greedy.evaluate("request", CONTEXT)
    assert greedy.evaluate("request", CONTEXT | {"arguments": {}}).value == "done"


def test_a_large_value_that_is_passed_on_untouched_is_the_very_same() -> None:
    result = {"data": [{"text": "x" * 100}] * 100, "error": None}
    returned = Script(f"export function request() {{ }}{RESPONSE.replace('ctx.result', 'ctx.result.data')}")
    assert returned.evaluate("response", CONTEXT | {"result": result}).value is result["data"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ctx.result.data.length", 100),
        ("ctx.result.data.slice(0, 1)", [{"text": "x" * 100}]),
        ("Array.isArray(ctx.result.data) && Object.hasOwn(ctx.result, 'data')", True),
        ("Object.keys(ctx.result)", ["data", "__proto__"]),
        ("ctx.result.data.map((row) => row.text.length).includes(100)", True),
        ("JSON.stringify(ctx.result.data).length > 10000", True),
        ("delete ctx.result.data[0].text && ctx.result.data[0]", {}),
    ],
)
def test_a_large_value_that_is_looked_at_is_like_any_other(expression: str, expected: object) -> None:
    result = {"data": [{"text": "x" * 100} for _ in range(100)], "__proto__": 1}
    response = Script(f"export function request() {{ }} export const response = (ctx) => {expression};")
    assert response.evaluate("response", CONTEXT | {"result": result}).value == expected
    assert result["data"] == [{"text": "x" * 100}] * 100


def test_what_a_module_keeps_is_not_taken_for_what_a_later_request_has() -> None:
    kept = Script(f"let first; export function request(ctx) {{ first = first ?? ctx.args; return first; }}{RESPONSE}")
    ada, eve = ({"owner": name, "text": "x" * 5_000} for name in ("ada", "eve"))
    assert kept.evaluate("request", {"arguments": ada, "stash": {}}).value == ada
    assert kept.evaluate("request", {"arguments": eve, "stash": {}}).value == ada


def test_threads_evaluate_the_same_code_at_once() -> None:
    same = script("return ctx.args.tags.map((tag) => `${tag}${util.autoId().length}`);")
    with ThreadPoolExecutor(4) as pool:
        values = pool.map(lambda _: same.evaluate("request", CONTEXT).value, range(200))
    assert all(answered == ["a36", "b36"] for answered in values)


def test_the_console_is_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "appsync_local.resolver_code")
    script("console.log('id', ctx.args.id, { a: 1 }); console.error(util.autoId().length);").evaluate(
        "request", CONTEXT
    )
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", 'id 1 {"a":1}'),
        ("ERROR", "36"),
    ]
