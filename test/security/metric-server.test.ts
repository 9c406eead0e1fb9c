import { afterEach, describe, expect, it } from 'vitest';
import { prometheus } from '../../src/sources/prometheus.js';
import { Mesh } from '../cli/mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';
import { startServer } from '../sources/answer-server.js';
import { subjectOf } from '../sources/subject-of.js';

const subject = subjectOf('reviews-v2');
const request = { subjects: [subject], interval: 60, firstEnd: 1_700_000_040, lastEnd: 1_700_000_040 };

async function readFrom(url: string, timeout = 5) {
  return prometheus({ url, timeout }).read(request);
}

function matrixOf(result: string): string {
  return `{"status":"success","data":{"resultType":"matrix","result":${result}}}`;
}

function metricOf(more: string): string {
  return `{"reporter":"source","destination_service_namespace":"default","destination_service_name":"reviews-v2"${more}}`;
}

describe('the answer of a metric server', () => {
  afterEach(() => expect({}).not.toHaveProperty('polluted'));

  it.each([
    `[{"metric":${metricOf(',"__proto__":"x","constructor":"y"')},"values":[[1700000040,"5"]]}]`,
    `[{"metric":${metricOf('')},"__proto__":{"polluted":true},"values":[[1700000040,"5"]]}]`,
  ])('sets no prototype: %s', async (result) => {
    const url = await startServer((_, response) => void response.end(matrixOf(result)));
    const answer = await readFrom(url);
    expect(answer.sample(subject, 1_700_000_040)).toHaveProperty('requests', 5);
  });

  it.each(['__proto__', 'constructor', 'toString'])('gives nothing to a service that is called %s', async (service) => {
    const url = await startServer((_, response) => void response.end(matrixOf('[]')));
    const odd = { ...subject, service };
    const answer = await prometheus({ url, timeout: 5 }).read({ ...request, subjects: [odd] });
    expect(answer.sample(odd, 1_700_000_040)).toHaveProperty('missing');
  });

  it.each(['["1e999"]', '"-5"', '"NaN"', '"+Inf"', '"0x10"', '"9007199254740993"'])(
    'is no count where it is %s',
    async (value) => {
      const result = `[{"metric":${metricOf('')},"values":[[1700000040,${value.replace(/[[\]]/g, '')}]]}]`;
      const url = await startServer((_, response) => void response.end(matrixOf(result)));
      expect((await readFrom(url)).sample(subject, 1_700_000_040)).toHaveProperty('missing');
    },
  );

  it('may be a million levels deep', async () => {
    const url = await startServer((_, response) => void response.end('['.repeat(1_000_000)));
    await expect(readFrom(url)).rejects.toMatchObject({ name: 'SourceError' });
  });

  it('is waited for no longer than metrics.timeout, also when it drips', async () => {
    const url = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const start = performance.now();
    await expect(readFrom(url, 0.5)).rejects.toMatchObject({ code: 'source/timeout' });
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('a metric server that lies', () => {
  it('can have the candidate promoted that is there, and changes nothing else', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0, 'ratings-v1': 0, 'ratings-v2': 0 });
    const values = reviewsValues + evaluationValues;
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': mesh.project,
      'releases/reviews/values.yaml': values,
      'releases/ratings/values.yaml': reviewsValues.replaceAll('reviews', 'ratings'),
    });
    const before = workspace.head;
    await mesh.pass(workspace);
    // Before anything was heard of it, no more than the first step.
    expect(workspace.read('releases/reviews/values.yaml')).toContain('weight: 5\n');
    for (let i = 0; i < 5; i += 1) await mesh.pass(workspace);

    const changed = workspace.git('diff', '--name-only', before, 'HEAD').split('\n');
    expect(changed.sort()).toEqual([
      'releases/reviews/ledger.jsonl',
      'releases/reviews/status.yaml',
      'releases/reviews/values.yaml',
      'rendered/reviews/manifests.yaml',
    ]);
    const images = (text: string) => text.match(/image: .*/g);
    expect(images(workspace.read('releases/reviews/values.yaml'))).toEqual(images(values));
    expect(await workspace.ran('history', 'reviews', '-v')).toMatch(/promote[\s\S]*evidence sha256:/);
  });
});
