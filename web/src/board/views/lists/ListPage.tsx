import type { TaskList as List } from '@taskbell/sync-client';
import { useMemo, useState } from 'react';
import { t } from '../../../languages/languages';
import { TaskList } from '../../list/TaskList';
import { routeHash } from '../../shell/route';
import { useBoard } from '../../store/context';
import { ofList } from '../../tasks/selections';
import { CompletedHeading } from './CompletedHeading';
import { COMPLETED, groupsOf, placeBeside } from './groups';
import { ListMenu } from './ListMenu';
import { NewSection } from './NewSection';
import { SectionHeading } from './SectionHeading';
import { SectionRow } from './SectionRow';
import { usePlaceTask } from './usePlaceTask';

/** A list's tasks in its sections. */
export function ListPage({ list }: { list: List }) {
  const { tasks } = useBoard();
  const [withCompleted, setWithCompleted] = useState(false);
  const all = useMemo(() => ofList(tasks, list.id), [tasks, list.id]);
  const groups = useMemo(() => groupsOf(list, all, withCompleted), [list, all, withCompleted]);
  const place = usePlaceTask(list, groups);
  const completed = all.filter(({ status }) => status === 'COMPLETED').length;
  const step = (id: string, by: 1 | -1): void => {
    const beside = placeBeside(groups, id, by);
    if (beside) place(id, beside.key, beside.index);
  };
  return (
    <section className="view list-page">
      <div className="view-head">
        <div className="list-title">
          <span className="dot" style={{ background: list.color ?? 'var(--quiet)' }} />
          <h1 dir="auto">{list.name}</h1>
          {list.archivedAt && <span className="fact">{t('lists.isArchived')}</span>}
          <ListMenu list={list} />
        </div>
        <a className="button plain" href={routeHash({ view: 'lists' })}>
          {t('lists.all')}
        </a>
      </div>
      <TaskList
        label={list.name}
        groups={groups}
        heading={(key) =>
          key === COMPLETED ? (
            <CompletedHeading
              count={completed}
              shown={withCompleted}
              onToggle={() => {
                setWithCompleted(!withCompleted);
              }}
            />
          ) : (
            <SectionHeading list={list} groupKey={key} groups={groups} place={place} />
          )
        }
        row={(task) => (
          <SectionRow
            task={task}
            groups={groups}
            place={place}
            onStep={(by) => {
              step(task.id, by);
            }}
          />
        )}
        onMove={(task, direction) => {
          if (direction === 'up' || direction === 'down') step(task.id, direction === 'up' ? -1 : 1);
        }}
      />
      <NewSection list={list} />
    </section>
  );
}
