import type { Task } from '@taskbell/sync-client';
import { useEffect, useMemo, useRef, type CSSProperties, type KeyboardEvent } from 'react';
import { locale } from '../../../languages/languages';
import { dateOf } from '../../tasks/dates';
import { DayCell } from './DayCell';
import { dayByKey, firstDayOfWeek, monthOf, weeksOf } from './month';

interface Props {
  readonly month: string;
  readonly chosen: string;
  readonly days: ReadonlyMap<string, readonly Task[]>;
  readonly onChoose: (day: string) => void;
  /** Enter: go on to the day's tasks. */
  readonly onOpen: () => void;
}

const NONE: readonly Task[] = [];

/** The days of a month as a grid: arrows, page, home and end keys go from day to day. */
export function MonthGrid({ month, chosen, days, onChoose, onOpen }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  const weeks = useMemo(() => weeksOf(month, firstDayOfWeek(locale())), [month]);
  useEffect(() => {
    if (!moved.current) return;
    moved.current = false;
    table.current?.querySelector<HTMLElement>(`[data-day="${chosen}"]`)?.focus();
  }, [chosen]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const week = weeks.find((dates) => dates.includes(chosen)) ?? [];
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const day = dayByKey(event.key, chosen, week, isRightToLeft);
    if (day) {
      moved.current = true;
      onChoose(day);
    } else if (event.key === 'Enter' || event.key === ' ') onOpen();
    else return;
    event.preventDefault();
  };
  return (
    <table
      className="month"
      role="grid"
      aria-labelledby="calendar-month"
      ref={table}
      style={{ '--weeks': weeks.length } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr>
          {weeks[0]!.map((day) => (
            <th key={day} scope="col" abbr={dateOf(day).toLocaleDateString(locale(), { weekday: 'long' })}>
              {dateOf(day).toLocaleDateString(locale(), { weekday: 'short' })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((dates) => (
          <tr key={dates[0]}>
            {dates.map((day) => (
              <DayCell
                key={day}
                day={day}
                tasks={days.get(day) ?? NONE}
                isOutside={monthOf(day) !== month}
                isChosen={day === chosen}
                onChoose={onChoose}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
