import { t } from '../../languages/languages';
import { addDays, formatDay, today } from '../tasks/dates';

/** The heading of a group of tasks: a day, what is overdue, or a name that the view gives (`name:...`). */
export function GroupHeading({ name }: { name: string }) {
  return <h2 className="group">{headingOf(name)}</h2>;
}

function headingOf(name: string): string {
  if (name === 'overdue') return t('list.overdue');
  if (name === today()) return t('list.today');
  if (name === addDays(today(), 1)) return t('list.tomorrow');
  if (name.startsWith('name:')) return name.slice('name:'.length);
  return formatDay(name);
}
