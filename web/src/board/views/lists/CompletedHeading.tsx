import { t } from '../../../languages/languages';

interface Props {
  readonly count: number;
  readonly shown: boolean;
  readonly onToggle: () => void;
}

/** Shows or hides a list's completed tasks. */
export function CompletedHeading({ count, shown, onToggle }: Props) {
  return (
    <button className="button plain small" aria-expanded={shown} onClick={onToggle}>
      <span aria-hidden>{shown ? '▾' : '▸'}</span> {t('lists.completed', { count })}
    </button>
  );
}
