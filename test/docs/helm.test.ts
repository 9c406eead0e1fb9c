import { expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import { strategies } from '../../src/strategies/registry.js';
import { dotted, idleKeys } from '../../src/synth/chart/environment-rules.js';
import { page } from './pages.js';

const rows = page('docs/helm.md')
  .text.split('\n')
  .flatMap((line) => {
    const [, keys = '', places = ''] = /^\| (`.*`) \| ([a-z, ]+) \|$/.exec(line) ?? [];
    return [...keys.matchAll(/`([^`]+)`/g)].map(([, key = '']) => ({ key: key.replace('versions[].', ''), places }));
  });

/** The words of the page in which the key has no effect here. */
function isIdle(key: string, id: string, strategy: string): boolean {
  return rows.some((row) => {
    const [all, others] = row.places.split(' but ');
    const named = (others ?? row.places).split(/, | and /);
    const here = named.some((name) => name === strategy || name === id || id.startsWith(`${name}-`));
    return row.key === key && (all === row.places ? here || row.places === 'everywhere' : !here);
  });
}

test.each(Object.values<Environment>(environments))('docs/helm.md says what has no effect with $id', (environment) => {
  for (const strategy of Object.values(strategies)) {
    const idle = idleKeys({ environments: [environment], strategies: [strategy] }).map((path) => path.at(-1) ?? '');
    const known = [...new Set(rows.map(({ key }) => key))];
    expect(known.filter((key) => isIdle(key, environment.id, strategy.id)).sort()).toEqual([...new Set(idle)].sort());
  }
  expect(dotted(['application', 'versions', '[]', 'weight'])).toBe('application.versions[].weight');
});
