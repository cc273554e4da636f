// urql with graphcache; the sync client's transport speaks AppSync's real-time protocol.
import { subscribe } from '@taskbell/sync-client/realtime';
import { pipe, subscribe as listen } from 'wonka';
import { change, FOLLOW, HISTORY, shown, TASKS } from '../docs/tasks.mjs';
import { urqlClient } from '../docs/urql.mjs';
import { asked, tell } from '../common.mjs';
import { realtime } from './realtime.mjs';
import { identified, tests } from './tests.mjs';

async function open({ url, headers, ownerId, fetch, list }) {
  const client = urqlClient({ url, fetch, fetchOptions: { headers }, forwardSubscription: realtime(subscribe, url, headers), lists: [list] });
  const following = ownerId && pipe(client.subscription(FOLLOW, { ownerId }), listen(() => undefined));
  const online = { requestPolicy: 'network-only' };
  return {
    query: (variables = list) => client.query(TASKS, variables, online).toPromise(),
    history: (taskId) => client.query(HISTORY, { taskId }, online).toPromise(),
    mutate: async (name, input) => (await client.mutation(change(name), { input: identified(input) }).toPromise()).data[name],
    shown: (variables = list) => shown(client.readQuery(TASKS, variables, { requestPolicy: 'cache-only' })?.data?.tasks.nodes ?? [], variables),
    ask: async (text, variables) => (await client.query(text, variables, online).toPromise()).data,
    close: () => { following?.unsubscribe(); },
  };
}

tell(await tests(open, asked));
