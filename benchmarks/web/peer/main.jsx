// What the tutorial docs/tutorials/live-list.md builds, with all tasks: a list in React, a row for each task, without a store.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { subscribe } from '../../../packages/sync-client/src/realtime.ts';

const TASK = 'id version title status createdAt deletedAt parentId';
const TASKS = `query Tasks($after: String) {
  tasks(first: 100, after: $after) { nodes { ${TASK} } pageInfo { endCursor hasNextPage } } }`;
const FOLLOW = `subscription Follow { onTaskEvent(ownerId: "guest") { task { ${TASK} } } }`;
const SET_STATUS = `mutation SetStatus($input: SetTaskStatusInput!) { setTaskStatus(input: $input) { errors { message } } }`;

const { data: api } = await (await fetch('/amplify_outputs.json')).json();
const headers = { 'x-api-key': api.api_key };

async function ask(query, variables) {
  const body = JSON.stringify({ query, variables });
  const response = await fetch(api.url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
  return (await response.json()).data;
}

async function all() {
  const found = [];
  for (let after = null, more = true; more; ) {
    const { tasks } = await ask(TASKS, { after });
    found.push(...tasks.nodes);
    after = tasks.pageInfo.endCursor;
    more = tasks.pageInfo.hasNextPage;
  }
  return found;
}

const merged = (tasks, task) => [...tasks.filter(({ id }) => id !== task.id), task];

function TaskList() {
  const [tasks, setTasks] = useState([]);
  useEffect(() => {
    const transport = { url: api.url, WebSocket, setTimeout: setTimeout.bind(window), clearTimeout: clearTimeout.bind(window) };
    const pushed = ({ onTaskEvent }) => setTasks((before) => merged(before, onTaskEvent.task));
    subscribe(transport, headers, { query: FOLLOW, variables: {} }, pushed, () => undefined);
    all().then(setTasks);
  }, []);
  const listed = tasks
    .filter((task) => !task.deletedAt && !task.parentId)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id));
  return (
    <ul>
      {listed.map(({ id, title, status }) => (
        <li key={id}>
          <label>
            <input
              type="checkbox"
              checked={status === 'COMPLETED'}
              onChange={({ target }) => ask(SET_STATUS, { input: { id, status: target.checked ? 'COMPLETED' : 'PENDING' } })}
            />
            {title} ({status})
          </label>
        </li>
      ))}
    </ul>
  );
}

createRoot(document.getElementById('root')).render(<TaskList />);
