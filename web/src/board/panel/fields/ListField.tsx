import type { Task, TaskList } from '@taskbell/sync-client';
import { useId } from 'react';
import { t } from '../../../languages/languages';
import { useBoard } from '../../store/context';
import { useField } from '../useField';
import { FieldProblem } from './FieldProblem';

interface Place {
  readonly listId: string | null;
  readonly sectionId: string | null;
}

/** The list and its section. */
export function ListField({ task }: { task: Task }) {
  const id = useId();
  const { lists } = useBoard();
  const field = useField<Place>({
    task,
    names: ['listId', 'sectionId'],
    stored: { listId: task.listId, sectionId: task.sectionId },
    toInput: ({ listId, sectionId }) => ({ listId, sectionId }),
    fromInput: ({ listId, sectionId }) => ({ listId: listId ?? null, sectionId: sectionId ?? null }),
  });
  const { listId, sectionId } = field.value;
  const places = [...lists.values()]
    .filter(({ id: known, archivedAt }) => !archivedAt || known === listId)
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .flatMap(placesOf);
  const chosen = places.find((place) => place.listId === listId && place.sectionId === sectionId);
  return (
    <div className="panel-field">
      <label htmlFor={id}>{t('field.listId')}</label>
      <select
        id={id}
        className="input"
        value={chosen ? places.indexOf(chosen) : ''}
        {...field.described}
        onChange={({ target }) => {
          const place = target.value === '' ? undefined : places[Number(target.value)];
          field.set({ listId: place?.listId ?? null, sectionId: place?.sectionId ?? null });
        }}
      >
        <option value="">{t('panel.noList')}</option>
        {places.map(({ name }, index) => (
          <option key={index} value={index}>
            {name}
          </option>
        ))}
      </select>
      <FieldProblem field={field} />
    </div>
  );
}

function placesOf({ id, name, sections }: TaskList): (Place & { readonly name: string })[] {
  return [
    { listId: id, sectionId: null, name },
    ...sections.map((section) => ({
      listId: id,
      sectionId: section.id,
      name: `${name} › ${section.name}`,
    })),
  ];
}
