import { Dialog } from '../interface/Dialog';
import { t } from '../languages/languages';

interface LeaveDialogProps {
  /** How many edits are not sent yet. */
  readonly waiting: number;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

/** Says what is lost by signing out now, and lets the person choose. */
export function LeaveDialog({ waiting, onLeave, onClose }: LeaveDialogProps) {
  return (
    <Dialog title={t('leave.title')} onClose={onClose}>
      <p>{t('leave.waiting', { count: waiting })}</p>
      <div className="row">
        <button className="button" onClick={onClose}>
          {t('leave.stay')}
        </button>
        <button className="button danger" onClick={onLeave}>
          {t('leave.discard')}
        </button>
      </div>
    </Dialog>
  );
}
