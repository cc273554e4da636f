import { useId } from 'react';
import { t } from '../../../languages/languages';

const COLORS = {
  red: '#d93a3a',
  orange: '#e07b1a',
  yellow: '#c79a00',
  green: '#2c9a52',
  teal: '#12938f',
  blue: '#2f7de1',
  violet: '#7a5cf0',
  pink: '#d6478f',
} as const;

/** A colour for a list, or none; one that another app chose stays a choice. */
export function ColorChoice({
  color,
  onChange,
}: {
  color: string | null;
  onChange: (color: string | null) => void;
}) {
  const name = useId();
  const known = Object.entries(COLORS) as [keyof typeof COLORS, string][];
  const isForeign = color !== null && !known.some(([, value]) => value === color);
  const choices = [
    { text: t('lists.color.none'), value: null },
    ...known.map(([key, value]) => ({ text: t(`lists.color.${key}`), value })),
    ...(isForeign ? [{ text: color, value: color }] : []),
  ];
  return (
    <fieldset className="colors">
      <legend>{t('lists.color')}</legend>
      {choices.map(({ text, value }) => (
        <label key={text} title={text}>
          <input
            type="radio"
            name={name}
            checked={value === color}
            onChange={() => {
              onChange(value);
            }}
          />
          <span className="swatch" style={value ? { background: value } : {}} />
          <span className="hidden-text">{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
