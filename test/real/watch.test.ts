import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../src/cli/watch/endpoint.js';
import { addPass, emptyTally } from '../../src/cli/watch/tally.js';
import { blocks, page } from '../docs/pages.js';
import { scratchFolder } from '../gitops/scratch-repository.js';
import { ApiServer } from './api-server.js';
import { eventually } from './eventually.js';
import { RealPrometheus } from './real-prometheus.js';

test('Prometheus reads the metrics of a daemon, with their types', async () => {
  const tally = emptyTally(0);
  const endpoint = await serve({ host: '127.0.0.1', port: 0 }, tally, () => 0);
  onTestFinished(() => endpoint.close());
  addPass(tally, { ended: 1_700_000_000.25, seconds: 0.5 });
  Object.assign(tally.decisions, { 'roll back': 3 });
  const { host } = new URL(endpoint.url);
  const prometheus = new RealPrometheus([host]);
  onTestFinished(() => prometheus.close());
  await prometheus.start();
  await prometheus.untilTarget(host, 'up');

  const value = (query: string) =>
    eventually(
      async () => {
        const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result[0]?.value[1];
      },
      { what: query },
    );
  expect(await value('sluice_passes_total{outcome="failed"}')).toBe('1');
  expect(await value('sluice_decisions_total{kind="roll back"}')).toBe('3');
  expect(await value('sluice_pass_duration_seconds_sum / sluice_pass_duration_seconds_count')).toBe('0.5');
  expect(await value('sluice_last_pass_timestamp_seconds')).toBe('1700000000.25');
  const response = await fetch(`${prometheus.url}/api/v1/targets/metadata`);
  const { data } = (await response.json()) as { data: { metric: string; type: string }[] };
  const types = Object.fromEntries(data.map(({ metric, type }) => [metric, type]));
  expect(types).toMatchObject({
    sluice_passes_total: 'counter',
    sluice_pass_duration_seconds: 'summary',
    sluice_interval_seconds: 'gauge',
  });
});

test('the API server takes the ways to run sluice that the pages show, and knows every field', async () => {
  const shown = ['docs/watch.md', 'docs/evaluate.md'].flatMap((path) =>
    blocks(page(path), 'yaml').filter(({ text }) => /^apiVersion:/m.test(text)),
  );
  expect(shown.length).toBeGreaterThanOrEqual(2);
  const server = await ApiServer.start();
  onTestFinished(() => server.stop());
  await server.kubectl('create', 'namespace', 'sluice');
  const file = join(scratchFolder(), 'shown.yaml');
  for (const { text } of shown) {
    writeFileSync(file, text);
    await server.kubectl('apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', file);
  }
});
