import type { Cell } from './cells.js';
import type { Lookup } from './goals.js';
import type { Found, Task } from './play.js';
import { playAll } from './pool.js';
import { rules } from './rules/registry.js';

/** Lets every rule play every cell, and returns what was found. */
export async function playCells(
  cells: readonly Cell[],
  { runs, seed, onDone }: Pick<Task, 'runs' | 'seed'> & { readonly onDone: (done: number, of: number) => void },
): Promise<Lookup> {
  const tasks = cells.flatMap(({ name }) => rules.map(({ id }): Task => ({ cell: name, rule: id, runs, seed })));
  return lookupOf(await playAll(tasks, (done) => onDone(done, tasks.length)));
}

/** Returns a lookup in what was found. */
export function lookupOf(all: readonly Found[]): Lookup {
  const byKey = new Map(all.map((found) => [keyOf(found.cell, found.rule), found]));
  return ({ name }, rule) => {
    const found = byKey.get(keyOf(name, rule));
    if (found === undefined) throw new Error(`nothing was found of ${rule} in the cell ${name}`);
    return found;
  };
}

function keyOf(cell: string, rule: string): string {
  return `${rule} ${cell}`;
}
