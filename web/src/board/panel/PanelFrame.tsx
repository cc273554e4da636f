import { useEffect, useRef, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react';
import { t } from '../../languages/languages';
import { go } from '../shell/route';

const OVER = matchMedia('(width < 64rem)');

function subscribe(listener: () => void): () => void {
  OVER.addEventListener('change', listener);
  return () => OVER.removeEventListener('change', listener);
}

const close = (): void => go({ task: null });

/** Beside the view where there is room, else a modal dialog over it. The focus goes in, and back at the end. */
export function PanelFrame({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  const isOver = useSyncExternalStore(subscribe, () => OVER.matches);
  const aside = useRef<HTMLElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<Element | null>(null);
  const label = t('panel.label', { title });

  useEffect(() => {
    const panel = aside.current ?? dialog.current;
    const active = document.activeElement;
    if (!panel?.contains(active)) opener.current = active;
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    panel?.focus();
    panel?.scrollTo(0, 0);
  }, [id, isOver]);
  useEffect(() => () => giveFocusBack(opener.current), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (event.currentTarget.querySelector(':popover-open, dialog[open]')) return;
    event.preventDefault();
    close();
  };
  const closing = (
    <button
      className="button plain close"
      aria-label={t('panel.close')}
      title={t('panel.close')}
      onClick={close}
    >
      <span aria-hidden="true">×</span>
    </button>
  );
  if (!isOver) {
    return (
      <aside className="panel" ref={aside} tabIndex={-1} aria-label={label} onKeyDown={onKeyDown}>
        {closing}
        {children}
      </aside>
    );
  }
  return (
    <dialog
      className="panel over"
      ref={dialog}
      tabIndex={-1}
      aria-label={label}
      onKeyDown={onKeyDown}
      onClose={close}
    >
      {closing}
      {children}
    </dialog>
  );
}

function giveFocusBack(opener: Element | null): void {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
