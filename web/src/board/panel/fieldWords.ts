/** Names and values of a task's fields in words: for conflicts, and for history, which has texts. */
import type { Recurrence, Task, TaskList } from '@taskbell/sync-client';
import { t, type TextKey } from '../../languages/languages';
import { dueOf, formatDay, formatMoment } from '../tasks/dates';
import { reminderWords } from './durations';
import { recurrenceWords } from './recurrenceWords';

export interface Known {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly lists: ReadonlyMap<string, TaskList>;
}

const NAMES: Readonly<Record<string, TextKey>> = {
  title: 'field.title',
  description: 'field.description',
  status: 'field.status',
  priority: 'field.priority',
  labels: 'field.labels',
  dueAt: 'field.dueAt',
  dueOn: 'field.dueAt',
  timeZone: 'field.timeZone',
  remindBefore: 'field.remindBefore',
  remindAt: 'field.remindBefore',
  recurrence: 'field.recurrence',
  parentId: 'field.parentId',
  listId: 'field.listId',
  sectionId: 'field.sectionId',
  rank: 'field.rank',
  progress: 'panel.subtasks',
  overdue: 'list.overdue',
  processing: 'timeline.processing',
};
const LISTS = ['labels', 'remindBefore', 'remindAt'];
const AFTER_COMPLETION = ' after completion';

export const fieldName = (field: string): string => (NAMES[field] ? t(NAMES[field]) : field);

/** A value as history has it: text, lists as JSON. */
export function historyWords(field: string, text: string | null, known: Known): string {
  if (text === null) return t('value.none');
  if (LISTS.includes(field)) return fieldWords(field, JSON.parse(text), known);
  if (field !== 'recurrence') return fieldWords(field, text, known);
  const afterCompletion = text.endsWith(AFTER_COMPLETION);
  return fieldWords(field, { rrule: text.replace(AFTER_COMPLETION, ''), afterCompletion }, known);
}

/** A value as the task or an input has it. */
export function fieldWords(field: string, value: unknown, { tasks, lists }: Known): string {
  if (value === null || value === undefined || value === '') return t('value.none');
  if (Array.isArray(value)) return value.map((item) => itemWords(field, item)).join(', ') || t('value.none');
  if (field === 'recurrence') return recurrenceWords(value as Recurrence);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (field) {
    case 'dueAt':
    case 'dueOn':
      return dueWords(text);
    case 'status':
      return t(`status.${text as Task['status']}`);
    case 'priority':
      return t(`priority.${text as Task['priority']}`);
    case 'processing':
      return t(`processing.${text as Task['processing']['state']}`);
    case 'overdue':
      return t(text === 'true' ? 'value.yes' : 'value.no');
    case 'parentId':
      return tasks.get(text)?.title ?? t('value.gone');
    case 'listId':
      return lists.get(text)?.name ?? t('value.gone');
    case 'sectionId':
      return sectionName(text, lists) ?? t('value.gone');
    default:
      return text;
  }
}

function itemWords(field: string, item: unknown): string {
  if (field === 'remindBefore') return reminderWords(Number(item));
  return field === 'remindAt' ? formatMoment(String(item)) : String(item);
}

function dueWords(text: string): string {
  const due = dueOf({ dueAt: text, dueOn: null });
  if (!due) return text;
  return due.time ? formatMoment(due.at) : formatDay(due.day);
}

function sectionName(id: string, lists: Known['lists']): string | undefined {
  return [...lists.values()].flatMap(({ sections }) => sections).find((section) => section.id === id)?.name;
}
