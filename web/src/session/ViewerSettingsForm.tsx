import { useState, type SubmitEvent } from 'react';
import { locale, t } from '../languages/languages';
import { Field } from '../interface/Field';
import type { Settings } from './ViewerSettings';

/** What is wrong, by the field of the input. */
export type Problems = Readonly<Record<string, string>>;

interface ViewerSettingsFormProps {
  readonly stored: Settings;
  readonly problems: Problems;
  readonly onSave: (settings: Settings) => Promise<void>;
  readonly onClose: () => void;
}

const MINUTES = [0, 10, 30, 60, 120, 1_440, 2_880, 10_080];
const NIGHT = { from: '22:00', to: '07:00' };

/** The fields of the settings; each shows why the API refused it. */
export function ViewerSettingsForm({ stored, problems, onSave, onClose }: ViewerSettingsFormProps) {
  const [settings, setSettings] = useState(stored);
  const [isBusy, setBusy] = useState(false);
  const { timeZone, defaultReminders, quietHours } = settings;
  const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const change = (changed: Partial<Settings>): void => {
    setSettings({ ...settings, ...changed });
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    await onSave(settings);
    setBusy(false);
  };

  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <Field id="settings-zone" label={t('settings.timeZone')} problem={problems.timeZone}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            list="settings-zones"
            value={timeZone}
            onChange={({ target }) => {
              change({ timeZone: target.value });
            }}
          />
        )}
      </Field>
      <datalist id="settings-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {timeZone !== browserZone && (
        <button
          type="button"
          className="button"
          onClick={() => {
            change({ timeZone: browserZone });
          }}
        >
          {t('settings.useZone', { zone: browserZone })}
        </button>
      )}
      <fieldset className="field" aria-describedby="settings-reminders-problem">
        <legend>{t('settings.reminders')}</legend>
        {[...new Set([...MINUTES, ...stored.defaultReminders])]
          .sort((one, other) => one - other)
          .map((minutes) => (
            <label key={minutes} className="check">
              <input
                type="checkbox"
                checked={defaultReminders.includes(minutes)}
                onChange={({ target }) => {
                  const others = defaultReminders.filter((other) => other !== minutes);
                  change({ defaultReminders: target.checked ? [...others, minutes] : others });
                }}
              />
              {before(minutes)}
            </label>
          ))}
        <p className="problem" id="settings-reminders-problem" role="alert">
          {problems.defaultReminders}
        </p>
      </fieldset>
      <fieldset className="field" aria-describedby="settings-quiet-problem">
        <legend>{t('settings.quietHours')}</legend>
        <label className="check">
          <input
            type="checkbox"
            checked={quietHours !== null}
            onChange={({ target }) => {
              change({ quietHours: target.checked ? (stored.quietHours ?? NIGHT) : null });
            }}
          />
          {t('settings.quiet')}
        </label>
        {quietHours && (
          <div className="row">
            {(['from', 'to'] as const).map((name) => (
              <label key={name} className="row">
                {t(`settings.${name}`)}
                <input
                  type="time"
                  className="input time"
                  required
                  aria-invalid={!!problems.quietHours}
                  value={quietHours[name]}
                  onChange={({ target }) => {
                    change({ quietHours: { ...quietHours, [name]: target.value } });
                  }}
                />
              </label>
            ))}
          </div>
        )}
        <p className="problem" id="settings-quiet-problem" role="alert">
          {problems.quietHours}
        </p>
      </fieldset>
      <p className="problem" role="alert">
        {problems['']}
      </p>
      <div className="row">
        <button className="button primary" disabled={isBusy}>
          {t('settings.save')}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {t('signIn.cancel')}
        </button>
      </div>
    </form>
  );
}

/** `2 hours before`, in the largest unit that leaves no rest. */
function before(minutes: number): string {
  if (minutes === 0) return t('settings.whenDue');
  const units = [
    ['week', 10_080],
    ['day', 1_440],
    ['hour', 60],
    ['minute', 1],
  ] as const;
  const [unit, size] = units.find(([, each]) => minutes % each === 0) ?? units[3];
  const format = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' });
  return t('settings.before', { time: format.format(minutes / size) });
}
