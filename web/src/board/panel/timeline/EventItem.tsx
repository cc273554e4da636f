import { t } from '../../../languages/languages';
import { useBoard, useSession } from '../../store/context';
import { formatMoment } from '../../tasks/dates';
import { fieldName, historyWords } from '../fieldWords';
import type { TaskEvent } from './useTimeline';

/** Fields that say what another one says, or nothing to people. */
const UNSAID = ['completedAt', 'completedLate', 'deletedAt'];

/** A change in the past: who made it, when, and what it was. */
export function EventItem({ event: { at, type, actor, changes } }: { event: TaskEvent }) {
  const { viewer } = useSession();
  const { tasks, lists } = useBoard();
  const who = !actor ? t('timeline.pipeline') : actor === viewer.ownerId ? t('timeline.you') : actor;
  const hasDay = changes.some(({ field }) => field === 'dueOn');
  const said = changes.filter(({ field }) => !UNSAID.includes(field) && !(hasDay && field === 'dueAt'));
  return (
    <li>
      <p>
        <strong dir="auto">{who}</strong> {t(`event.${type}`)}{' '}
        <time className="note" dateTime={at}>
          {formatMoment(at)}
        </time>
      </p>
      {said.length > 0 && (
        <ul>
          {said.map(({ field, before, after }) => (
            <li key={field}>
              {fieldName(field)}
              {field !== 'rank' && (
                <>
                  {': '}
                  <del dir="auto">{historyWords(field, before, { tasks, lists })}</del>{' '}
                  <span aria-hidden="true">→</span>
                  <span className="hidden-text">{t('timeline.to')}</span>{' '}
                  <ins dir="auto">{historyWords(field, after, { tasks, lists })}</ins>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
