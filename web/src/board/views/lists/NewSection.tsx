import type { TaskList } from '@taskbell/sync-client';
import { useState } from 'react';
import { t } from '../../../languages/languages';
import { NameDialog } from './NameDialog';
import { useListChanges } from './useListChanges';

/** Adds a section at the end of a list. */
export function NewSection({ list }: { list: TaskList }) {
  const { update } = useListChanges();
  const [asking, setAsking] = useState(false);
  return (
    <div className="new-section">
      <button
        className="button plain"
        onClick={() => {
          setAsking(true);
        }}
      >
        + {t('lists.newSection')}
      </button>
      {asking && (
        <NameDialog
          title={t('lists.newSection')}
          label={t('lists.sectionName')}
          name=""
          onSave={(name) =>
            update(
              { id: list.id, sections: [...list.sections, { name }], expectedVersion: list.version },
              'lists.sectionAdded',
              name,
            )
          }
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}
