/**
 * The service worker with which the board starts without network. Each build has one: it takes over when all files of
 * its build are stored, and the former build's files stay as long as the one after it, for pages that are open.
 */

/** What TypeScript's library for pages does not know of service workers. */
interface LifetimeEvent extends Event {
  readonly waitUntil: (work: Promise<unknown>) => void;
}
interface RequestEvent extends Event {
  readonly request: Request;
  readonly respondWith: (response: Promise<Response>) => void;
}
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: LifetimeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void;
  readonly skipWaiting: () => Promise<void>;
  readonly clients: { readonly claim: () => Promise<void> };
}
/** The build's name and the paths of what the board loads; the build puts them in front of this file. */
declare const BUILD: { readonly name: string; readonly files: readonly string[] };

const scope = self as unknown as Scope;
const PAGE = '/';
const OUTPUTS = '/amplify_outputs.json';
const PREFIX = 'taskbell.build.';
const CONFIGURATION = 'taskbell.configuration';
const CURRENT = `${PREFIX}${BUILD.name}`;
const PATIENCE_MS = 8_000; // for a network that is there but does not answer

scope.addEventListener('install', (event) => {
  event.waitUntil(install().catch(giveUp));
});
scope.addEventListener('activate', (event) => {
  event.waitUntil(removeOlderBuilds().then(() => scope.clients.claim()));
});
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === PAGE && request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname === OUTPUTS) event.respondWith(configuration(request));
  else if (BUILD.files.includes(url.pathname) || url.pathname.startsWith('/assets/'))
    event.respondWith(stored(request));
});

/** Store the whole build, or fail: then the former one stays. The page may be of another build already. */
async function install(): Promise<void> {
  const cache = await caches.open(CURRENT);
  const response = await fetch(PAGE, { cache: 'reload' });
  const html = await response.clone().text();
  const wanted = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  if (!response.ok || wanted.some((path) => !BUILD.files.includes(path)))
    throw new Error('Another build is served.');
  await cache.addAll([...BUILD.files]);
  await configuration(new Request(OUTPUTS, { cache: 'no-store' }));
  await cache.put(PAGE, response);
  await scope.skipWaiting();
}

async function giveUp(reason: unknown): Promise<never> {
  await caches.delete(CURRENT);
  throw reason;
}

/** Caches are listed in the order in which they were made. */
async function removeOlderBuilds(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CURRENT);
  await Promise.all(builds.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page as it is served now; without network, as this build has it. */
async function page(request: Request): Promise<Response> {
  const own = await caches.match(PAGE, { cacheName: CURRENT });
  return fresh(request, own);
}

async function configuration(request: Request): Promise<Response> {
  const cache = await caches.open(CONFIGURATION);
  const response = await fresh(request, await cache.match(OUTPUTS));
  if (response.ok) await cache.put(OUTPUTS, response.clone());
  return response;
}

/** A file whose name has the hash of its content: any build's will do. */
const stored = async (request: Request): Promise<Response> =>
  (await caches.match(request.url)) ?? fetch(request);

async function fresh(request: Request, known: Response | undefined): Promise<Response> {
  if (!known) return fetch(request);
  const served = fetch(request).catch(() => known);
  const response = await Promise.race([served, after(PATIENCE_MS, known)]);
  return response.ok ? response : known;
}

const after = (milliseconds: number, response: Response): Promise<Response> =>
  new Promise((resolve) => {
    setTimeout(() => {
      resolve(response);
    }, milliseconds);
  });
