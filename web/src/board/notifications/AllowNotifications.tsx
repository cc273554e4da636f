import { useState } from 'react';
import { t } from '../../languages/languages';

/** Asks, when the person wants it, whether the browser may show notifications outside the page. */
export function AllowNotifications() {
  const [permission, setPermission] = useState('Notification' in window ? Notification.permission : 'denied');
  if (permission === 'granted') return <p className="note">{t('bell.allowed')}</p>;
  if (permission === 'denied') return <p className="note">{t('bell.denied')}</p>;
  return (
    <button className="button" onClick={() => void Notification.requestPermission().then(setPermission)}>
      {t('bell.allow')}
    </button>
  );
}
