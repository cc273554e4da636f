import { t } from '../../languages/languages';
import { GROUPS, type Figures } from './figures';

/** What an operator has to look at, or that there is nothing. */
export function Attention({ figures }: { figures: Figures }) {
  const remarkable = GROUPS.flatMap((group) =>
    figures.groups[group].filter(({ level }) => level !== 'plain').map((figure) => ({ group, ...figure })),
  );
  return (
    <div aria-live="polite">
      {remarkable.length === 0 && figures.readAt && <p className="quiet">{t('ops.nothingToDo')}</p>}
      {remarkable.length > 0 && (
        <ul className="attention">
          {remarkable.map(({ group, label, text, level }) => (
            <li key={`${group} ${label}`} className={level}>
              <span aria-hidden="true">⚠ </span>
              {t('ops.attention', { part: t(`group.${group}`), figure: t(label), value: text })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
