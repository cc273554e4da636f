/** Tasks stay the same objects, and their map the same map, while nothing of them changes. */
import type { Task } from '@taskbell/sync-client';

type Tasks = ReadonlyMap<string, Task>;

/** Return the tasks as they are now, made of the former ones: what was selected from those need not be selected again. */
export function keptTasks(before: Tasks, now: Tasks): Tasks {
  const kept = new Map<string, Task>();
  let isSame = before.size === now.size;
  for (const [id, task] of now) {
    const known = before.get(id);
    const next = known && isEqual(known, task) ? known : task;
    isSame &&= next === known;
    kept.set(id, next);
  }
  return isSame ? before : kept;
}

/** A task with pending edits is another object each time, of the same values. */
function isEqual(one: Task, other: Task): boolean {
  if (one === other) return true;
  const fields = Object.keys(other) as (keyof Task)[];
  return fields.length === Object.keys(one).length && fields.every((field) => one[field] === other[field]);
}
