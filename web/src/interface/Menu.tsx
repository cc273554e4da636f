import { useId, type ReactNode } from 'react';

/** A button that opens a panel below it; the browser closes it on Escape and on a click elsewhere. */
export function Menu({ label, text, children }: { label: string; text: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <div className="menu">
      <button className="button" popoverTarget={id} aria-label={label} title={label}>
        {text}
      </button>
      <div className="popup stack" id={id} popover="auto">
        {children}
      </div>
    </div>
  );
}
