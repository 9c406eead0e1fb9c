import { expect, test } from 'vitest';
import { openSource, type SourceId, sources } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';

/** The least that each source needs in sluice.yaml. */
const least: Record<SourceId, string> = {
  prometheus: "{source: prometheus, url: 'http://127.0.0.1:9'}",
  'http-json': "{source: http-json, url: 'http://127.0.0.1:9', traffic: {requests: a, errors: b, latencySum: c}}",
  file: '{source: file, path: windows.csv}',
};

test('sources has each source that this knows', () => {
  expect(Object.keys(sources).sort()).toEqual(Object.keys(least).sort());
});

test.each(Object.entries(least))('openSource() makes %s of the least that it needs', async (id, text) => {
  const { metrics } = loadProject(`metrics: ${text}\n`, 'sluice.yaml');
  expect(metrics).toMatchObject({ source: id, timeout: 10, delay: 5 });
  if (metrics === undefined) throw new Error('no metrics');
  expect(openSource(metrics, { root: '/' }).read).toBeTypeOf('function');
});
