import { useId, useRef, useState, type CSSProperties, type ReactNode } from 'react';

const GAP_PX = 4;

/** A button that opens a panel below it; the browser closes it on Escape and on a click elsewhere. */
export function Menu({ label, text, children }: { label: string; text: ReactNode; children: ReactNode }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<CSSProperties>({});
  const putBelow = (): void => {
    const { bottom, left, right } = button.current!.getBoundingClientRect();
    const side = left + right > innerWidth ? { right: innerWidth - right } : { left };
    setPlace({ top: bottom + GAP_PX, ...side });
  };
  return (
    <>
      <button ref={button} className="button" popoverTarget={id} aria-label={label} title={label}>
        {text}
      </button>
      <div className="popup" id={id} popover="auto" style={place} onBeforeToggle={putBelow}>
        <div className="stack">{children}</div>
      </div>
    </>
  );
}
