// What the clients share: the task comes as JSON, the outcome leaves as JSON, and a watch ends what hangs.
import WebSocket from 'ws';

globalThis.WebSocket = WebSocket;
export const asked = JSON.parse(process.argv[2]);
setTimeout(() => { console.error('This takes too long.'); process.exit(2); }, (asked.seconds ?? 40) * 1_000).unref();

export function tell(outcome) {
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0));
}

// Mutates until the subscription, whose beginning these clients do not tell, has pushed something.
export async function firstPush(subscribe, mutate) {
  let stop;
  const pushed = new Promise((resolve, reject) => { stop = subscribe(resolve, reject); });
  const again = setInterval(() => mutate().catch(console.error), 100);
  try {
    return await pushed;
  } finally {
    clearInterval(again);
    await stop?.();
  }
}
