/** A list whose lines begin with a play sign. */
export function ExamplesIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M2 3.500v4l3.500-2Zm0 9v4l3.500-2Z" fill="currentColor" />
      <path d="M9 5.500h9M9 14.500h9" strokeLinecap="round" />
    </svg>
  );
}
