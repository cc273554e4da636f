import type { Recurrence } from '@taskbell/sync-client';
import { useState } from 'react';
import { t } from '../../../languages/languages';
import { daysOf, intervalOf, partsOf, WEEKDAYS, withParts, type Preset, type Weekday } from '../recurrence';
import { weekdayName } from '../recurrenceWords';

interface Props {
  readonly preset: Preset;
  readonly rule: Recurrence;
  readonly onChange: (rule: Recurrence) => void;
}

/** The parts of a rule: how many units lie between, which days of the week, or its text. */
export function RuleParts({ preset, rule, onChange }: Props) {
  const parts = partsOf(rule.rrule);
  const [interval, setInterval] = useState<string | null>(null);
  const [text, setText] = useState<string | null>(null);
  const finishInterval = (): void => {
    setInterval(null);
    if (interval === null) return;
    const number = Math.round(Number(interval)) || 1;
    if (number !== intervalOf(parts)) {
      onChange(withParts(rule, { INTERVAL: number === 1 ? '' : String(number) }));
    }
  };
  const finishText = (): void => {
    setText(null);
    if (text !== null && text.trim() !== rule.rrule) onChange({ ...rule, rrule: text.trim() });
  };
  const toggle = (day: Weekday): void => {
    const days = daysOf(parts);
    const chosen = WEEKDAYS.filter((other) => (other === day) !== days.includes(other));
    if (chosen.length) onChange(withParts(rule, { BYDAY: chosen.join() }));
  };
  if (preset === 'custom') {
    return (
      <input
        className="input"
        aria-label={t('repeat.rule')}
        spellCheck={false}
        value={text ?? rule.rrule}
        onChange={({ target }) => setText(target.value)}
        onBlur={finishText}
        onKeyDown={({ key }) => {
          if (key === 'Enter') finishText();
        }}
      />
    );
  }
  return (
    <div className="row">
      {preset === 'weekly' && (
        <div className="weekdays" role="group" aria-label={t('repeat.days')}>
          {WEEKDAYS.map((day) => (
            <button
              key={day}
              aria-label={weekdayName(day)}
              aria-pressed={daysOf(parts).includes(day)}
              onClick={() => toggle(day)}
            >
              {weekdayName(day, 'short')}
            </button>
          ))}
        </div>
      )}
      {preset !== 'weekdays' && (
        <label className="row note">
          {t(preset === 'completion' ? 'repeat.completionInterval' : 'repeat.interval')}
          <input
            className="input number"
            type="number"
            min={1}
            max={1000}
            value={interval ?? intervalOf(parts)}
            onChange={({ target }) => setInterval(target.value)}
            onBlur={finishInterval}
            onKeyDown={({ key }) => {
              if (key === 'Enter') finishInterval();
            }}
          />
        </label>
      )}
    </div>
  );
}
