import { t } from '../../../languages/languages';
import { formatMoment } from '../../tasks/dates';
import type { TrashedTask } from './useTrash';

interface TrashRowProps {
  readonly task: TrashedTask;
  readonly isSelected: boolean;
  readonly onSelect: (isSelected: boolean) => void;
  readonly onRestore: () => void;
  readonly onPurge: () => void;
}

/** A deleted task: since when, until when it can come back, and what can be done with it. */
export function TrashRow({ task, isSelected, onSelect, onRestore, onPurge }: TrashRowProps) {
  const { title, deletedAt, restorableUntil } = task;
  return (
    <li className="trash-row">
      <input
        type="checkbox"
        checked={isSelected}
        aria-label={t('trash.select', { title })}
        onChange={({ target }) => {
          onSelect(target.checked);
        }}
      />
      <div className="what">
        <span className="title" dir="auto">
          {title}
        </span>
        <span className="when">
          {deletedAt && t('trash.deletedAt', { at: formatMoment(deletedAt) })}
          {restorableUntil && <> · {t('trash.until', { until: formatMoment(restorableUntil) })}</>}
        </span>
      </div>
      <div className="row">
        <button className="button" onClick={onRestore} aria-label={t('trash.restoreTask', { title })}>
          {t('trash.restore')}
        </button>
        <button className="button danger" onClick={onPurge} aria-label={t('trash.purgeTask', { title })}>
          {t('trash.purge')}
        </button>
      </div>
    </li>
  );
}
