import { expect, test } from 'vitest';
import { parseRoute, routeHash } from '../src/board/shell/route';

test('a route comes back from its address', () => {
  const route = { view: 'lists', task: 'Task:ada:1', list: 'TaskList:ada:3', text: 'a & b' } as const;
  expect(parseRoute(routeHash(route))).toEqual(route);
});

test('an address that is none of ours shows today', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#//evil.example', '#task']) {
    expect(parseRoute(hash)).toEqual({ view: 'today', task: null, list: null, text: '' });
  }
});
