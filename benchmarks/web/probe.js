// Runs in the page before its own scripts: when what was painted, and how long interactions took until their next paint.
(() => {
  const events = [];
  const note = (entries) => events.push(...entries.map(({ name, duration, interactionId }) => ({ name, duration, interactionId })));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'event', durationThreshold: 16, buffered: true });
  const afterPaint = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(null);
      });
    });
  const holds = (text) => (node) => node.textContent.includes(text);

  /** Resolves with the milliseconds from the navigation to the first paint of text or an image. */
  const firstContentfulPaint = () =>
    new Promise((resolve) => {
      const paints = new PerformanceObserver((list) => {
        const [first] = list.getEntriesByName('first-contentful-paint');
        if (first) resolve(first.startTime);
      });
      paints.observe({ type: 'paint', buffered: true });
    });

  /** Resolves with the milliseconds since 1970 after the frame in which a text was painted. */
  const painted = (text) =>
    new Promise((resolve) => {
      const mutations = new MutationObserver((records) => {
        const nodes = records.flatMap(({ target, addedNodes }) => (addedNodes.length ? [...addedNodes] : [target]));
        if (!nodes.some(holds(text))) return;
        mutations.disconnect();
        afterPaint().then(resolve);
      });
      mutations.observe(document, { subtree: true, childList: true, characterData: true });
    });

  /** Resolves with the milliseconds since navigation until an element was first painted. */
  const shown = (selector) =>
    new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(selector)) return;
        mutations.disconnect();
        afterPaint().then((at) => resolve(at - performance.timeOrigin));
      };
      const mutations = new MutationObserver(look);
      mutations.observe(document, { subtree: true, childList: true });
      look();
    });

  /** The longest of the interactions since the last call, as the browser measures them; 0 below its least, 16 ms. */
  const longest = async () => {
    await afterPaint();
    await afterPaint();
    note(observer.takeRecords());
    const durations = events.splice(0).filter(({ interactionId }) => interactionId).map(({ duration }) => duration);
    return Math.max(0, ...durations);
  };

  window.probe = { firstContentfulPaint, painted, shown, longest };
})();
