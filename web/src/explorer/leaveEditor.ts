import type { KeyboardEvent } from 'react';

/** Escape leaves an editor, in which Tab writes; a menu of the editor takes the key first. */
export function leaveEditor(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !(event.target instanceof Element)) return;
  event.target.closest<HTMLElement>('.graphiql-editor')?.focus();
}
