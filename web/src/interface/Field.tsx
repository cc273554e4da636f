import type { ReactNode } from 'react';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  /** Why what was entered is refused. */
  readonly problem: string | undefined;
  /** The control, with these attributes. */
  readonly children: (attributes: {
    readonly id: string;
    readonly 'aria-invalid': boolean;
    readonly 'aria-describedby': string;
  }) => ReactNode;
}

/** A control with its label and, when it was refused, the reason. */
export function Field({ id, label, problem, children }: FieldProps) {
  const reason = `${id}-problem`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': problem !== undefined, 'aria-describedby': reason })}
      <p className="problem" id={reason} role="alert">
        {problem}
      </p>
    </div>
  );
}
