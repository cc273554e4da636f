// Relay's runtime, with what its compiler made of the documents.
import { createRequire } from 'node:module';
import { subscribe } from '@taskbell/sync-client/realtime';
import { commitMutation, createOperationDescriptor, fetchQuery, getRequest, requestSubscription } from 'relay-runtime';
import { relayEnvironment } from '../docs/relay.mjs';
import { intoLists } from '../docs/relay-lists.mjs';
import { shown } from '../docs/tasks.mjs';
import { asked, tell } from '../common.mjs';
import { realtime } from './realtime.mjs';
import { ask } from './sequences.mjs';
import { identified, tests } from './tests.mjs';

const compiled = (name) => createRequire(import.meta.url)(`../docs/__generated__/Tasks${name}.graphql.js`);
const MUTATIONS = { createTask: 'Create', updateTask: 'Update', setTaskStatus: 'Status', deleteTask: 'Delete', restoreTask: 'Restore' };

async function open({ url, headers, ownerId, fetch, list }) {
  const transport = realtime(subscribe, url, headers);
  const environment = relayEnvironment({
    request: async (query, variables) => ({ data: await ask({ url, headers, fetch }, query, variables) }),
    subscribe: (query, variables, next) => transport({ query, variables }).subscribe({ next }).unsubscribe,
  });
  const kept = new Map();
  const operation = (variables) => createOperationDescriptor(getRequest(compiled('Query')), variables);
  const read = async (variables) => {
    kept.get(JSON.stringify(variables)) ?? kept.set(JSON.stringify(variables), environment.retain(operation(variables)));
    await fetchQuery(environment, compiled('Query'), variables, { fetchPolicy: 'network-only' }).toPromise();
  };
  const updater = intoLists([list]);
  const following = ownerId && requestSubscription(environment, { subscription: compiled('Subscription'), variables: { ownerId }, updater });
  return {
    query: (variables = list) => read(variables),
    history: (taskId) => fetchQuery(environment, compiled('HistoryQuery'), { taskId }, { fetchPolicy: 'network-only' }).toPromise(),
    mutate: (name, input) => new Promise((resolve, reject) => {
      const onCompleted = (answer) => { resolve(answer[name]); };
      commitMutation(environment, { mutation: compiled(`${MUTATIONS[name]}Mutation`), variables: { input: identified(input) }, onCompleted, onError: reject });
    }),
    shown(variables = list) {
      const { data, isMissingData } = environment.lookup(operation(variables).fragment);
      return isMissingData || !data.tasks ? [] : shown(data.tasks.edges.map(({ node }) => node), variables);
    },
    ask: (_text, variables) => fetchQuery(environment, compiled('ChangesQuery'), variables, { fetchPolicy: 'network-only' }).toPromise(),
    close: () => { following?.dispose(); },
  };
}

tell(await tests(open, asked));
