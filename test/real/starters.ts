import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LoadedValues, loadValues } from '../../src/values/load.js';
import type { Cell } from '../laws/releases.js';

/** A starter as it is loaded, and the cell of the table that it shows. */
export interface Starter {
  readonly file: string;
  readonly loaded: LoadedValues;
  readonly cell: Cell;
}

const folder = fileURLToPath(new URL('../../templates/values/', import.meta.url));

/** Every starter of `templates/values/`. */
export const starters: readonly Starter[] = readdirSync(folder).map((file) => {
  const text = readFileSync(`${folder}${file}`, 'utf8');
  const loaded = loadValues(text, { file, name: 'shop', namespace: 'floor' });
  return { file, loaded, cell: loaded.release };
});

/**
 * Returns the first starter of a cell.
 *
 * @throws Error where a cell has none
 */
export function starterOf({ environment, strategy }: Cell): Starter {
  const found = starters.find(({ cell }) => cell.environment === environment && cell.strategy === strategy);
  if (found === undefined) throw new Error(`no starter is of ${environment.id} and ${strategy.id}`);
  return found;
}

/** @throws Error where there is none of that name */
export function starterNamed(name: string): Starter {
  const found = starters.find(({ file }) => file === `${name}.yaml`);
  if (found === undefined) throw new Error(`There is no starter ${name}`);
  return found;
}
