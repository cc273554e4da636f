/** Whether single keys are shortcuts. Who dictates, or hits keys by accident, turns them off (WCAG 2.1.4). */
const KEY = 'taskbell.singleKeys';

export const singleKeysAreOn = (): boolean => localStorage.getItem(KEY) !== 'off';

export function turnSingleKeys(on: boolean): void {
  localStorage.setItem(KEY, on ? 'on' : 'off');
}
