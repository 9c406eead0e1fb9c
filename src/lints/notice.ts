import { noticesOf } from '../values/check-meaning.js';
import type { Lint } from './lint.js';
import { unusedWeight } from './unused-weight.js';

/** What `sluice synth` tells as a notice: keys without effect, and what the environment has to say of the release. */
export const notice: Lint = {
  id: 'notice',
  severity: 'info',
  find(input) {
    const { values, release } = input.loaded;
    const told = new Set(unusedWeight.find(input).map(({ path }) => path.join('\n')));
    return noticesOf(values, release).filter(({ path }) => !told.has(path.join('\n')));
  },
};
