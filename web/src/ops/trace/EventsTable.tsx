import { t, type TextKey } from '../../languages/languages';
import { NOTHING, time } from '../format';
import type { Trace } from './useTrace';

const COLUMNS: readonly TextKey[] = ['trace.at', 'trace.type', 'trace.actor', 'trace.after', 'trace.changes'];

/** The events of a task in their order. */
export function EventsTable({
  events,
  omitted,
  ownerId,
}: {
  events: Trace['events'];
  omitted: number;
  ownerId: string;
}) {
  if (events.length === 0) return <p className="quiet">{t('trace.noEvents')}</p>;
  const nameOf = (actor: string | null): string =>
    actor === null ? t('trace.pipeline') : actor === ownerId ? t('trace.ownerActed') : actor;
  return (
    <>
      {omitted > 0 && <p className="quiet">{t('trace.omittedEvents', { count: omitted })}</p>}
      <div className="scroll" tabIndex={0} role="region" aria-label={t('trace.events')}>
        <table>
          <thead>
            <tr>
              {COLUMNS.map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {events.map(({ version, at, type, actor, processing, changes }, index) => (
              <tr key={index}>
                <td>{at ? time(at) : NOTHING}</td>
                <th scope="row">
                  {type ?? NOTHING} <span className="quiet">{version}</span>
                </th>
                <td>{nameOf(actor)}</td>
                <td className={processing === 'FAILED' ? 'bad' : ''}>{processing}</td>
                <td dir="auto">{changes.map(described).join('; ') || NOTHING}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function described({ field, before, after }: Trace['events'][number]['changes'][number]): string {
  return `${field}: ${before ?? NOTHING} → ${after ?? NOTHING}`;
}
