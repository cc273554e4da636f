/** A number as a part of the largest one beside it: a bar, which only repeats what the text says. */
export function ShareBar({
  parts,
  most,
}: {
  parts: readonly { readonly value: number; readonly kind: string }[];
  most: number;
}) {
  const places = parts.map(({ value }, index) => ({
    width: (value / Math.max(1, most)) * 100,
    start: (parts.slice(0, index).reduce((sum, part) => sum + part.value, 0) / Math.max(1, most)) * 100,
  }));
  return (
    <svg className="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ kind }, index) => (
        <rect key={kind} className={kind} x={places[index]!.start} width={places[index]!.width} height="8" />
      ))}
    </svg>
  );
}
