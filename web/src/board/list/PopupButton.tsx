import { useRef, useState, type ReactNode } from 'react';
import { Popup } from './Popup';

interface Props {
  readonly text: ReactNode;
  readonly label: string;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

/** A button with a panel of choices. */
export function PopupButton({ text, label, className = 'button', disabled = false, children }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
  };
  return (
    <>
      <button
        ref={button}
        className={className}
        aria-label={label}
        aria-expanded={open}
        disabled={disabled}
        onClick={() => {
          setOpen(true);
        }}
      >
        {text}
      </button>
      {open && (
        <Popup label={label} button={button} onClose={close}>
          {children(close)}
        </Popup>
      )}
    </>
  );
}
