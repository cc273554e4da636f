import { useId, useState, type SubmitEvent } from 'react';
import { t } from '../../../languages/languages';
import { UNITS, unitName, type Unit } from '../durations';

/** Adds a reminder: so many minutes, hours or days before the due date, or at a time. */
export function AddReminder({
  onBefore,
  onAt,
}: {
  onBefore: (minutes: number) => void;
  onAt: (moment: string) => void;
}) {
  const id = useId();
  const [count, setCount] = useState('30');
  const [unit, setUnit] = useState<Unit>('minute');
  const [moment, setMoment] = useState('');
  const addBefore = (event: SubmitEvent): void => {
    event.preventDefault();
    if (count) onBefore(Math.round(Number(count)) * UNITS[unit]);
  };
  const addAt = (event: SubmitEvent): void => {
    event.preventDefault();
    if (moment) onAt(new Date(moment).toISOString());
    setMoment('');
  };
  return (
    <details className="more">
      <summary>{t('panel.addReminder')}</summary>
      <form className="row" onSubmit={addBefore}>
        <input
          className="input number"
          type="number"
          min={0}
          aria-label={t('panel.remindCount')}
          value={count}
          onChange={({ target }) => setCount(target.value)}
        />
        <select
          className="input unit"
          aria-label={t('panel.remindUnit')}
          value={unit}
          onChange={({ target }) => setUnit(target.value as Unit)}
        >
          {(Object.keys(UNITS) as Unit[]).map((name) => (
            <option key={name} value={name}>
              {unitName(name)}
            </option>
          ))}
        </select>
        <span className="note">{t('panel.beforeDue')}</span>
        <button className="button small">{t('panel.add')}</button>
      </form>
      <form className="row" onSubmit={addAt}>
        <label className="note" htmlFor={id}>
          {t('panel.remindAtTime')}
        </label>
        <input
          id={id}
          className="input moment"
          type="datetime-local"
          value={moment}
          onChange={({ target }) => setMoment(target.value)}
        />
        <button className="button small">{t('panel.add')}</button>
      </form>
    </details>
  );
}
