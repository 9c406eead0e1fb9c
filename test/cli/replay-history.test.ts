import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sendJson, startServer } from '../sources/answer-server.js';
import { Mesh } from './mesh.js';
import { twoVersions } from './status-terminal.js';
import { ScratchWorkspace } from './workspace.js';

const analysis = `analysis:
  interval: 60s
  minRequests: 10
  judge: sequential
  objectives: [{metric: error-rate}]
rollout: {policy: steps, steps: [5, 50]}
`;

/** Two pods of which one fails more often, window by window, as Prometheus answers. */
function seriesOfPods(form: URLSearchParams) {
  const [start, end, step] = [Number(form.get('start')), Number(form.get('end')), Number(form.get('step'))];
  const query = form.get('query') ?? '';
  const isErrors = query.includes(' or 0 *');
  return [0, 1].map((pod) => ({
    metric: {
      ...{ reporter: 'destination', destination_service_namespace: 'default', destination_service_name: 'reviews-v1' },
      pod: `reviews-v1-${pod}`,
    },
    values: Array.from({ length: (end - start) / step + 1 }, (_, t) => {
      const errors = Math.floor(t / 20) % 2 === pod ? 30 : 10;
      return [start + t * step, isErrors ? `${errors}` : '1000'];
    }),
  }));
}

test('replay() takes what was before a candidate from the commit that let it in', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.4 });
  const { url } = parse(mesh.project).metrics;
  const before = await startServer(async ({ form }, response) => {
    if (form.get('query')?.includes('pod!=""')) {
      sendJson(response, { status: 'success', data: { resultType: 'matrix', result: seriesOfPods(form) } });
      return;
    }
    const answer = await fetch(`${url}/api/v1/query_range`, { method: 'POST', body: form });
    response.writeHead(answer.status, { date: answer.headers.get('date') ?? '' }).end(await answer.text());
  });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project.replace(url, before),
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], analysis),
  });
  await mesh.pass(workspace);
  const { history } = parse(workspace.read('releases/reviews/status.yaml'));
  expect(history).toMatchObject({ windows: 240, pods: 2, overdispersion: { 'error-rate': expect.any(Number) } });
  for (let passes = 0; passes < 4; passes += 1) await mesh.pass(workspace);
  expect(parse(workspace.read('releases/reviews/status.yaml'))).toMatchObject({ phase: 'RolledBack' });

  const outcome = await workspace.run('replay', '--all', '-o', 'json');
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0);
  const { replays } = JSON.parse(outcome.stdout);
  expect(replays.map(({ outcome: found, summary }: { outcome: string; summary: string }) => [summary, found])).toEqual([
    ['candidate reviews-v2 0 % → 5 %', 'same'],
    ['roll back reviews-v2 5 % → 0 %', 'same'],
  ]);
  expect(replays[1].reason).toContain('pods differ as measured');
});
