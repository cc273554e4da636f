/** Registers the service worker of worker.ts, with which the board starts without network. */
const WORKER = '/sw.js';
const RELOADED = 'taskbell.reloaded';
const ONCE_MS = 30_000;

export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  if (import.meta.env.DEV) void removeWorker();
  else void navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' }).catch(() => undefined);
}

/** Of a former `vite preview` on this port: what is being developed must come from the server. */
async function removeWorker(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration?.unregister();
}

/** Start anew, once, when a part of this page cannot be loaded any more because another build is served by now. */
export function reloadForOtherBuild(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (!navigator.onLine || Date.now() - last < ONCE_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  });
}
