// What common.mjs is in a page: browser.mjs puts the task there, and waits for the outcome.
export const { asked } = globalThis;

export function tell(outcome) {
  globalThis.told = outcome;
}
