/** Show a notification outside the page, if the person has allowed it. Other tabs show the same one, not another. */
export function showInBrowser(title: string, tag: string, onOpen: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(title, { tag });
    notification.onclick = () => {
      window.focus();
      onOpen();
      notification.close();
    };
  } catch {
    // Browsers of phones want a service worker for it: there, the page alone shows it.
  }
}
