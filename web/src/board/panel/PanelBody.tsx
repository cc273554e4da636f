import type { Task } from '@taskbell/sync-client';
import { t } from '../../languages/languages';
import { useBoard, useStore } from '../store/context';
import { otherRefusals } from './edits';
import { DescriptionField } from './fields/DescriptionField';
import { DueField } from './fields/DueField';
import { LabelsField } from './fields/LabelsField';
import { ListField } from './fields/ListField';
import { ParentField } from './fields/ParentField';
import { PriorityField } from './fields/PriorityField';
import { RecurrenceField } from './fields/RecurrenceField';
import { RemindersField } from './fields/RemindersField';
import { StatusField } from './fields/StatusField';
import { TitleField } from './fields/TitleField';
import { PanelActions } from './PanelActions';
import { Subtasks } from './subtasks/Subtasks';
import { Timeline } from './timeline/Timeline';

/** The fields of a task, its subtasks, its processing and its history. */
export function PanelBody({ task }: { task: Task }) {
  const store = useStore();
  const board = useBoard();
  const { pending, changed } = board;
  return (
    <div className="panel-body stack" data-changed={changed.has(task.id) || undefined}>
      <TitleField task={task} />
      <StatusField task={task} />
      {pending.some(({ id }) => id === task.id) && <p className="waiting note">{t('task.waiting')}</p>}
      {otherRefusals(board, task.id).map((refusal) => (
        <p key={refusal.mutation.clientMutationId} className="problem" role="alert">
          {refusal.errors.map(({ message }) => message).join(' ')}{' '}
          <button className="button plain small" onClick={() => store.settleRefusal(refusal)}>
            {t('board.dismiss')}
          </button>
        </p>
      ))}
      <DescriptionField task={task} />
      <div className="panel-fields">
        <DueField task={task} />
        <RemindersField task={task} />
        {!task.parentId && <RecurrenceField task={task} />}
        <PriorityField task={task} />
        <LabelsField task={task} />
        {!task.parentId && <ListField task={task} />}
        {task.progress.total === 0 && <ParentField task={task} />}
      </div>
      {!task.parentId && <Subtasks task={task} />}
      <Timeline task={task} />
      <PanelActions task={task} />
    </div>
  );
}
