/** Which tasks a view shows. Subtasks are in the views of days, else below their parents. */
import type { Task } from '@taskbell/sync-client';
import { addDays, dueOf, isOverdue } from './dates';
import { byDue, byRank } from './order';
import { remembered } from './remembered';

type Tasks = ReadonlyMap<string, Task>;

export interface Group {
  /** A day, or `overdue`; nothing where there is no heading. */
  readonly key: string;
  readonly tasks: readonly Task[];
}

const open = (tasks: Tasks): Task[] => [...tasks.values()].filter(({ status }) => status !== 'COMPLETED');

/** Overdue and due today, what is done today at the end. */
export const dueToday = remembered((tasks: Tasks, today: string, now: number): Group[] => {
  const overdue: Task[] = [];
  const left: Task[] = [];
  const done: Task[] = [];
  for (const task of tasks.values()) {
    if (dueOf(task)?.day === today) (task.status === 'COMPLETED' ? done : left).push(task);
    else if (isOverdue(task, now)) overdue.push(task);
  }
  return [
    { key: 'overdue', tasks: overdue.sort(byDue) },
    { key: today, tasks: [...left.sort(byDue), ...done.sort(byDue)] },
  ].filter((group) => group.tasks.length);
});

/** Open tasks of the next days, from tomorrow on, by day. */
export function upcoming(tasks: Tasks, today: string, days = 366): Group[] {
  const last = addDays(today, days);
  const groups = new Map<string, Task[]>();
  for (const task of open(tasks).sort(byDue)) {
    const day = dueOf(task)?.day;
    if (day && day > today && day <= last) groups.set(day, [...(groups.get(day) ?? []), task]);
  }
  return [...groups].map(([key, grouped]) => ({ key, tasks: grouped }));
}

export const topLevel = (tasks: Tasks): Task[] =>
  [...tasks.values()].filter(({ parentId }) => !parentId).sort(byRank);

export const ofList = (tasks: Tasks, listId: string | null): Task[] =>
  topLevel(tasks).filter((task) => task.listId === listId);

export const subtasksOf = (tasks: Tasks, id: string): Task[] =>
  [...tasks.values()].filter(({ parentId }) => parentId === id).sort(byRank);

/** Tasks that have every word in their title, description or labels, without regard to case and accents. */
export const matching = remembered((tasks: Tasks, text: string): Task[] => {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const holds = (task: Task): boolean => words.every((word) => searchedOf(task).includes(word));
  return [...tasks.values()].filter(holds).sort(byRank);
});

const searched = new WeakMap<Task, string>(); // folding the texts of thousands of tasks takes longer than a key press

function searchedOf(task: Task): string {
  const { title, description, labels } = task;
  const text = searched.get(task) ?? folded([title, description ?? '', ...labels].join(' '));
  searched.set(task, text);
  return text;
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();

export const labelsOf = (tasks: Tasks): string[] =>
  [...new Set([...tasks.values()].flatMap(({ labels }) => labels))].sort((one, other) =>
    one.localeCompare(other),
  );
