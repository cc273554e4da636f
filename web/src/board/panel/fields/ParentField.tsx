import type { Task } from '@taskbell/sync-client';
import { lazy, Suspense, useState } from 'react';
import { t } from '../../../languages/languages';
import { routeHash, useRoute } from '../../shell/route';
import { useBoard } from '../../store/context';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';

const ParentPicker = lazy(() => import('./ParentPicker'));

/** The task that this is a subtask of; moves it below another one, or out. */
export function ParentField({ task }: { task: Task }) {
  const { tasks } = useBoard();
  const route = useRoute();
  const [choosing, setChoosing] = useState(false);
  const field = useField<string | null>({
    task,
    names: ['parentId'],
    stored: task.parentId,
    toInput: (parentId) => ({ parentId }),
    fromInput: ({ parentId }) => parentId ?? null,
  });
  const parent = task.parentId ? tasks.get(task.parentId) : undefined;
  return (
    <div className="panel-field" role="group" aria-label={t('field.parentId')}>
      <span className="label">{t('field.parentId')}</span>
      <div className="row">
        {parent && (
          <a href={routeHash({ ...route, task: parent.id })} dir="auto">
            {parent.title}
          </a>
        )}
        <button className="button small" {...field.described} onClick={() => setChoosing(true)}>
          {t(parent ? 'panel.moveElsewhere' : 'panel.moveUnder')}
        </button>
        {task.parentId && (
          <button className="button small" onClick={() => field.set(null)}>
            {t('panel.moveOut')}
          </button>
        )}
      </div>
      <FieldProblem field={field} />
      {choosing && (
        <Suspense fallback={null}>
          <ParentPicker
            task={task}
            onChoose={(parentId) => {
              setChoosing(false);
              field.set(parentId);
            }}
            onClose={() => setChoosing(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
