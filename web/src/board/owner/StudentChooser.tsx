import { useDeferredValue, useEffect, useState } from 'react';
import { StudentsDocument, type StudentsQuery } from '../../api/operations';
import { request } from '../../api/request';
import { Dialog } from '../../interface/Dialog';
import { t } from '../../languages/languages';
import { useSession } from '../store/context';
import { showOwner } from './shownOwner';

type Students = NonNullable<StudentsQuery['students']>;

/** Finds a student by the beginning of the name, and shows their tasks. */
export default function StudentChooser({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const [search, setSearch] = useState('');
  const [found, setFound] = useState<Students | null>(null);
  const [problem, setProblem] = useState('');
  const asked = useDeferredValue(search);
  useEffect(() => {
    let current = true;
    request(session, StudentsDocument, { search: asked || null }).then(
      ({ students }) => {
        if (current) setFound(students);
      },
      (error: unknown) => {
        if (current) setProblem(String(error));
      },
    );
    return () => {
      current = false;
    };
  }, [session, asked]);
  return (
    <Dialog title={t('owner.choose')} onClose={onClose}>
      <input
        className="input"
        type="search"
        aria-label={t('owner.search')}
        placeholder={t('owner.search')}
        value={search}
        onChange={({ target }) => {
          setSearch(target.value);
        }}
      />
      {problem && <p className="problem">{problem}</p>}
      <ul className="stack" aria-label={t('owner.students')}>
        {found?.nodes.map((student) => (
          <li key={student.ownerId}>
            <button
              className="button"
              onClick={() => {
                showOwner(session, student);
              }}
            >
              {student.name}
            </button>
          </li>
        ))}
      </ul>
      {found?.nodes.length === 0 && <p>{t('owner.nobody')}</p>}
      {found?.pageInfo.hasNextPage && <p>{t('owner.more')}</p>}
      <button className="button" onClick={onClose}>
        {t('signIn.cancel')}
      </button>
    </Dialog>
  );
}
