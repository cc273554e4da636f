/** The changes of one task that menus, dragging and keys make. */
import type { Task } from '@taskbell/sync-client';
import type { Edit } from '../store/BoardStore';
import { dueOf } from './dates';

export const setStatus = ({ id }: Task, status: Task['status']): Edit => ({
  name: 'setTaskStatus',
  input: { id, status },
});

export const remove = ({ id }: Task): Edit => ({ name: 'deleteTask', input: { id } });

export const setPriority = ({ id }: Task, priority: Task['priority']): Edit => ({
  name: 'updateTask',
  input: { id, priority },
});

/** Another day at the same time, as the clock here shows it; null takes the due date away. */
export function setDay(task: Task, day: string | null): Edit {
  const time = dueOf(task)?.time;
  const dueAt = day && time ? new Date(`${day}T${time}`).toISOString() : day;
  return { name: 'updateTask', input: { id: task.id, dueAt } };
}

export const moveToList = ({ id }: Task, listId: string | null, sectionId: string | null = null): Edit => ({
  name: 'updateTask',
  input: { id, listId, sectionId },
});

export const addLabel = ({ id, labels }: Task, label: string): Edit => ({
  name: 'updateTask',
  input: { id, labels: [...labels.filter((other) => !isSame(other, label)), label] },
});

export const removeLabel = ({ id, labels }: Task, label: string): Edit => ({
  name: 'updateTask',
  input: { id, labels: labels.filter((other) => !isSame(other, label)) },
});

export const hasLabel = ({ labels }: Task, label: string): boolean =>
  labels.some((other) => isSame(other, label));

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
