import { t } from '../../../languages/languages';

export interface Chip {
  readonly key: string;
  readonly text: string;
}

/** Values that can be taken away one by one. */
export function Chips({
  chips,
  label,
  onRemove,
}: {
  chips: readonly Chip[];
  label: string;
  onRemove: (key: string) => void;
}) {
  if (!chips.length) return null;
  return (
    <ul className="chips" aria-label={label}>
      {chips.map(({ key, text }) => (
        <li key={key} className="chip">
          <span dir="auto">{text}</span>
          <button aria-label={t('panel.remove', { what: text })} onClick={() => onRemove(key)}>
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
