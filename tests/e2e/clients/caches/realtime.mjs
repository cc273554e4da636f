// What subscriptionExchange and Relay want of a transport.
const timers = { setTimeout: (action, ms) => setTimeout(action, ms), clearTimeout: (timer) => clearTimeout(timer) };

export const realtime = (subscribe, url, headers) => ({ query, variables }) => ({
  subscribe(sink) {
    const options = { url, WebSocket: globalThis.WebSocket, ...timers };
    const running = subscribe(options, headers, { query, variables }, (data) => sink.next({ data }), () => undefined);
    return { unsubscribe: () => { running.then((close) => close()); } };
  },
});
