/** Which view is shown, in the address behind `#`: `#/lists?list=...&task=...`. Static hosts need no rules for it. */
import { useSyncExternalStore } from 'react';

export const VIEWS = [
  'today',
  'upcoming',
  'board',
  'calendar',
  'lists',
  'trash',
  'statistics',
  'search',
] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** The open task's id. */
  readonly task: string | null;
  readonly list: string | null;
  readonly text: string;
}

export function parseRoute(hash: string): Route {
  const { pathname, searchParams } = new URL(hash.slice(1) || '/', 'http://route');
  const view = VIEWS.find((name) => `/${name}` === pathname) ?? 'today';
  return {
    view,
    task: searchParams.get('task'),
    list: searchParams.get('list'),
    text: searchParams.get('text') ?? '',
  };
}

export function routeHash({ view, task, list, text }: Partial<Route> & Pick<Route, 'view'>): string {
  const parameters = new URLSearchParams();
  if (list) parameters.set('list', list);
  if (text) parameters.set('text', text);
  if (task) parameters.set('task', task);
  const query = parameters.toString();
  return `#/${view}${query && `?${query}`}`;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => {
    window.removeEventListener('hashchange', listener);
  };
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

/** Show another view, or open (`task`) and close (`task: null`) a task in this one. */
export function go(change: Partial<Route>): void {
  const route = { ...parseRoute(location.hash), ...change };
  location.hash = routeHash(
    change.view && change.view !== 'search' ? { text: '', ...change, view: change.view } : route,
  );
}
