import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorFree } from '../../docs/examples/error-free.js';
import { judges } from '../../src/judges/registry.js';
import { loadValues } from '../../src/values/load.js';
import { scratchFolder, sluice } from '../cli/workspace.js';
import { input, none, sample } from '../judges/threshold-input.js';
import { blocks, page, root } from './pages.js';

const judgesPage = page('docs/judges.md');

/** A command of a console, and what it is shown to print. */
interface Run {
  readonly command: string;
  readonly shown: string;
}

const runs = blocks(judgesPage, 'console').flatMap(({ text }) =>
  text.split(/^(?=\$ )/m).map((run): Run => {
    const [command = '', ...shown] = run.split('\n');
    return { command: command.slice('$ sluice '.length), shown: shown.join('\n') };
  }),
);

describe('docs/judges.md', () => {
  const cwd = scratchFolder();
  const names = runs.map(({ command }) => command.split(' ')[4]);
  for (const [i, { text }] of blocks(judgesPage, 'jsonl').entries()) {
    writeFileSync(join(cwd, [...new Set(names)][i] ?? ''), text);
  }

  test('has cases and their answers for every judge', () => {
    expect([...new Set(names)]).toEqual(Object.keys(judges).map((id) => `${id}.jsonl`));
  });

  test.each(runs)('sluice $command prints what is shown', async ({ command, shown }) => {
    const { stdout, stderr } = await sluice(command.split(' '), { cwd });
    expect(stderr).toBe('');
    expect(command.endsWith('json') ? rounded(stdout) : stdout).toEqual(
      command.endsWith('json') ? rounded(shown) : shown,
    );
  });

  test.each(Object.keys(judges))('shows settings of %s that values take', (id) => {
    const [settings, ...more] = blocks(judgesPage, 'yaml').filter(({ text }) => text.includes(`judge: ${id}\n`));
    const values = `environment: istio
application:
  strategy: blue-green
  versions: [{image: "registry.example/app:v1", weight: 100}, {image: "registry.example/app:v2", weight: 0}]
${settings?.text}rollout: {policy: steps, steps: [5, 50]}
`;
    const { release } = loadValues(values, { file: id, name: 'reviews', namespace: 'default' });
    expect(release.analysis?.judge).toBe(id);
    expect(release.analysis?.settings).toHaveProperty(id);
    expect(more).toEqual([]);
  });
});

/** Every line as data, its numbers to nine digits: the last ones are the machine's. */
function rounded(lines: string): unknown[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) =>
      JSON.parse(line, (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)),
    );
}

describe('docs/adding-a-judge.md', () => {
  test('shows the judge that is tried here', () => {
    const example = readFileSync(join(root, 'docs/examples/error-free.ts'), 'utf8').replaceAll('../../src/', '../');
    const shown = blocks(page('docs/adding-a-judge.md'), 'ts').map(({ text }) => text);
    expect(shown).toContain(`// src/judges/error-free.ts\n${example}`);
  });

  test.each([
    [
      'an error, however many requests are missing',
      sample(10, 1),
      'fail',
      'v2 answered 1 of 10 requests with an error',
    ],
    ['too few requests', sample(10), 'inconclusive', 'v2 needs 90 more requests of 100'],
    ['no data', none, 'inconclusive', 'v2 needs 100 more requests of 100'],
    ['enough requests', sample(100), 'pass', 'v2 answered 100 requests without an error'],
  ] as const)('errorFree judges %s', async (_what, candidate, outcome, sentence) => {
    const verdictOf = await errorFree.load();
    expect(verdictOf(input([[none, candidate]]))).toMatchObject({ outcome, sentence });
  });

  test('errorFree refuses what it does not look at', () => {
    expect(errorFree.refuses({ metric: 'latency-mean', upperLimit: 5 })?.hint).toContain('error-rate');
    expect(errorFree.refuses({ metric: 'error-rate', upperLimit: 0 })).toBeUndefined();
  });
});
