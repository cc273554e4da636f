import type { Task } from '@taskbell/sync-client';
import { PanelBody } from './PanelBody';
import { PanelFrame } from './PanelFrame';
import './TaskPanel.css';

/** All of one task, beside the view or, where there is no room, over it. */
export default function TaskPanel({ task }: { task: Task }) {
  return (
    <PanelFrame id={task.id} title={task.title}>
      <PanelBody key={task.id} task={task} />
    </PanelFrame>
  );
}
