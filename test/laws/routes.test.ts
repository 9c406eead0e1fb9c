import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import { followsPlan } from './follows-plan.js';
import { readers } from './readers.js';

for (const [id, reader] of Object.entries(readers)) followsPlan(id, reader);

const others = Object.keys(environments).filter((id) => readers[id] === undefined);

/** Whether the test of an environment brings a reader. */
function bringsReader(id: string): boolean {
  const path = `test/environments/${id}.test.ts`;
  return existsSync(path) && readFileSync(path, 'utf8').includes(`followsPlan('${id}'`);
}

test('followsPlan() reads every environment that is registered', () => {
  const unread = others
    .filter((id) => !bringsReader(id))
    .map(
      (id) =>
        `test/environments/${id}.test.ts lacks followsPlan('${id}', …): see docs/adding-an-environment.md, step 3`,
    );
  expect(unread).toEqual([]);
});
