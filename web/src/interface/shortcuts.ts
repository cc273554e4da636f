/** Keys that act by themselves, without a modifier. They can be turned off: speech input types them (WCAG 2.1.4). */
import { useEffect } from 'react';

const KEY = 'taskbell.shortcuts';

export const hasShortcuts = (): boolean => localStorage.getItem(KEY) !== 'off';

export function chooseShortcuts(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
}

/** Call `action` when one of the keys is pressed and nobody is typing or in a dialog. */
export function useShortcut(keys: readonly string[], action: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isModified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
      if (!keys.includes(event.key) || isModified || isBusy(event.target) || !hasShortcuts()) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
    };
  });
}

function isBusy(target: EventTarget | null): boolean {
  const types =
    target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
  const isEditable = target instanceof HTMLElement && target.isContentEditable;
  return types || isEditable || document.querySelector('dialog[open], :popover-open') !== null;
}
