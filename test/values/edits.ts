import { applyEdits, type Edit } from '../../src/values/edit.js';

export const file = 'releases/shop/values.yaml';
export const weight: Edit = { path: ['weight'], value: 20 };
export const primary: Edit = { path: ['primary'], value: 'shop-v2' };
export const versionName: Edit = { path: ['metadata', 'name'], value: 'shop-0' };
export const firstWeight: Edit = { path: ['v', 0, 'weight'], value: 20 };

/** A text, one edit, and the text that it gives. */
export interface Case {
  readonly behaviour: string;
  readonly before: string;
  readonly edit: Edit;
  readonly after: string;
}

export function edited(text: string, ...edits: Edit[]): string {
  return applyEdits(text, edits, { file });
}

/** Returns how many lines of `before` and of `after` are left when the common ones at both ends are taken off. */
export function differingLines(before: string, after: string): { removed: number; added: number } {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < shorter - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return { removed: a.length - head - tail, added: b.length - head - tail };
}
