import { t } from '../../languages/languages';
import { NOTHING, time } from '../format';
import { GROUPS, type Figure, type Figures } from './figures';

/** The figures as a table: the picture's text alternative, with the times and the reasons that it has no room for. */
export function FiguresTable({ figures }: { figures: Figures }) {
  return (
    <details>
      <summary>{t('ops.asTable')}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('ops.asTable')}>
        <table>
          <thead>
            <tr>
              {(['ops.part', 'ops.figure', 'ops.value', 'ops.measured'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {GROUPS.flatMap((group) =>
              figures.groups[group].map((figure) => (
                <tr key={`${group} ${figure.label}`}>
                  <th scope="row">{t(`group.${group}`)}</th>
                  <td>{t(figure.label)}</td>
                  <td className={figure.level}>{figure.text}</td>
                  <td>{note(figure)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function note({ reason, measuredAt }: Figure): string {
  if (reason) return t(`unknown.${reason}`);
  return measuredAt ? time(measuredAt) : NOTHING;
}
