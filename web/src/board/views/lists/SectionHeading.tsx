import type { TaskList } from '@taskbell/sync-client';
import { useRef, useState } from 'react';
import { t } from '../../../languages/languages';
import { useDropTarget } from '../../dragging/useDropTarget';
import type { Group } from '../../tasks/selections';
import { AddToSection } from './AddToSection';
import { NO_SECTION } from './groups';
import { SectionMenu } from './SectionMenu';
import { groupName, type PlaceTask } from './usePlaceTask';

interface Props {
  readonly list: TaskList;
  readonly groupKey: string;
  readonly groups: readonly Group[];
  readonly place: PlaceTask;
}

/** The head of a section: tasks can be dropped on it, and added below it. */
export function SectionHeading({ list, groupKey, groups, place }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [adding, setAdding] = useState(false);
  const name = groupName(list, groupKey);
  const count = groups.find(({ key }) => key === groupKey)?.tasks.length ?? 0;
  const edge = useDropTarget(ref, {
    accepts: 'task',
    onDrop: (id) => {
      place(id, groupKey, 0);
    },
  });
  return (
    <div className="section-heading" ref={ref} data-edge={edge ?? undefined}>
      <div className="section-line">
        <h2 dir="auto">{name}</h2>
        <span className="open-count">{count}</span>
        <button
          className="menu-button"
          aria-label={t('lists.addIn', { section: name })}
          aria-expanded={adding}
          onClick={() => {
            setAdding(!adding);
          }}
        >
          <span aria-hidden>+</span>
        </button>
        {groupKey !== NO_SECTION && <SectionMenu list={list} id={groupKey} />}
      </div>
      {adding && (
        <AddToSection
          list={list}
          groupKey={groupKey}
          name={name}
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
