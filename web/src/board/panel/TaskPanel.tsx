import type { Task } from '@taskbell/sync-client';
import { t } from '../../languages/languages';
import { go } from '../shell/route';

/** All of one task, beside the view or, on a phone, above it. */
export default function TaskPanel({ task }: { task: Task }) {
  return (
    <aside className="panel stack" aria-label={t('panel.label', { title: task.title })}>
      <h2 dir="auto">{task.title}</h2>
      <button
        className="button"
        onClick={() => {
          go({ task: null });
        }}
      >
        {t('panel.close')}
      </button>
    </aside>
  );
}
