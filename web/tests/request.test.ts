import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerOf } from '../src/api/request';

const refused = { errors: [{ errorType: 'UnauthorizedException', message: 'Token has expired.' }] };
const denied = { data: { a: null }, errors: [{ errorType: 'FORBIDDEN', message: 'No.' }] };
let asked: boolean[] = [];
let answers: object[] = [];

const caller = {
  url: 'http://127.0.0.1/graphql',
  headers: (isRefused: boolean) => {
    asked.push(isRefused);
    return Promise.resolve({ Authorization: 'token' });
  },
};

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answers.shift())));
});

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['is taken as it is', [denied], denied, [false]],
  ['comes with a new token', [refused, { data: { a: 1 } }], { data: { a: 1 } }, [false, true]],
  ['is a refusal when the new token is refused too', [refused, refused], refused, [false, true]],
])('an answer %s', async (_what, given, expected, expectedTokens) => {
  answers = [...given];
  expect(await answerOf(caller, { query: '{ a }', variables: {} })).toEqual(expected);
  expect(asked).toEqual(expectedTokens);
});

test('no answer is a NetworkError', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(answerOf(caller, { query: '{ a }', variables: {} })).rejects.toMatchObject({
    type: 'NetworkError',
  });
});
