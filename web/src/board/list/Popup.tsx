import { useEffect, useRef, type ReactNode, type RefObject } from 'react';

const GAP_PX = 4;

interface Props {
  readonly label: string;
  readonly button: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel beside the button that opened it; Escape and a click elsewhere close it, and the focus goes back. */
export function Popup({ label, button, onClose, children }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const popup = ref.current!;
    const opener = button.current;
    if (!popup.matches(':popover-open')) popup.showPopover();
    place(popup, opener);
    popup.querySelector<HTMLElement>('button, select, input')?.focus();
    return () => {
      if (popup.contains(document.activeElement)) opener?.focus();
    };
  }, [button]);
  return (
    <div
      ref={ref}
      className="popup stack task-menu"
      popover="auto"
      role="dialog"
      aria-label={label}
      onToggle={({ newState }) => {
        if (newState === 'closed') onClose();
      }}
    >
      {children}
    </div>
  );
}

function place(popup: HTMLElement, button: HTMLElement | null): void {
  if (!button) return;
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const x = left + right > innerWidth ? right - width : left;
  const y = bottom + GAP_PX + height <= innerHeight ? bottom + GAP_PX : top - GAP_PX - height;
  popup.style.left = `${Math.max(GAP_PX, Math.min(x, innerWidth - width - GAP_PX))}px`;
  popup.style.top = `${Math.max(GAP_PX, y)}px`;
}
