import type { Example } from './examples';

/** Opens an example in a tab. */
export function ExampleButton({ example, onOpen }: { example: Example; onOpen: (example: Example) => void }) {
  return (
    <button
      className="example"
      onClick={() => {
        onOpen(example);
      }}
    >
      <span className={`kind ${example.kind}`}>{example.kind}</span>
      {example.name}
    </button>
  );
}
