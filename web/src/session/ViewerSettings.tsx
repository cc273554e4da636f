import { useEffect, useState } from 'react';
import { UpdateViewerDocument, ViewerSettingsDocument, type ViewerSettingsQuery } from '../api/operations';
import { request } from '../api/request';
import { Dialog } from '../interface/Dialog';
import { t } from '../languages/languages';
import type { Session } from './session';
import { ViewerSettingsForm, type Problems } from './ViewerSettingsForm';

export type Settings = NonNullable<ViewerSettingsQuery['viewer']>;

/** What the API keeps of one's own: time zone, reminders for new tasks, hours without reminders. */
export default function ViewerSettings({ session, onClose }: { session: Session; onClose: () => void }) {
  const [stored, setStored] = useState<Settings | null>(null);
  const [problems, setProblems] = useState<Problems>({});
  useEffect(() => {
    request(session, ViewerSettingsDocument, {}).then(
      ({ viewer }) => {
        setStored(viewer);
      },
      (error: unknown) => {
        setProblems({ '': messageOf(error) });
      },
    );
  }, [session]);

  const save = async (input: Settings): Promise<void> => {
    try {
      const { updateViewer } = await request(session, UpdateViewerDocument, { input });
      if (!updateViewer.errors.length) onClose();
      setProblems(problemsByField(updateViewer.errors));
    } catch (error) {
      setProblems({ '': messageOf(error) });
    }
  };

  return (
    <Dialog title={t('settings.title')} onClose={onClose}>
      {stored ? (
        <ViewerSettingsForm stored={stored} problems={problems} onSave={save} onClose={onClose} />
      ) : (
        <>
          {!problems[''] && <p role="status">{t('app.loading')}</p>}
          <p className="problem" role="alert">
            {problems['']}
          </p>
          <button className="button" onClick={onClose}>
            {t('signIn.cancel')}
          </button>
        </>
      )}
    </Dialog>
  );
}

interface FieldError {
  readonly message: string;
  readonly field?: readonly string[] | null;
}

/** By the field of the input, `quietHours`; what is about none of them under the empty name. */
function problemsByField(errors: readonly FieldError[]): Problems {
  const problems: Record<string, string> = {};
  for (const { message, field } of errors) {
    const name = field?.[1] ?? '';
    problems[name] = [problems[name], message].filter(Boolean).join(' ');
  }
  return problems;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
