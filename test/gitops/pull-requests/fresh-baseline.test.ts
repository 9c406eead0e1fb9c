import { describe, expect, it } from 'vitest';
import { useForge } from './forge-ground.js';
import type { RequestGround } from './ground.js';

const file = 'releases/reviews/values.yaml';
const hub = useForge();

/** A release of which everything waits for a merge, and whose first request is to add a fresh baseline. */
async function asked(): Promise<RequestGround> {
  const made = await hub.ground('all');
  change(made, 'judge: threshold', 'judge: threshold\n  baseline: fresh');
  change(made, 'steps: [5, 50]', 'steps: [5, 40]');
  expect((await made.pass()).stdout).toMatch(/waits for the merge of #1 \S+ \(opened\)/);
  return made;
}

/** A person edits the values, and renders them. */
function change(made: RequestGround, from: string, to: string): void {
  made.person({ [file]: made.onServer(file).replace(from, to) });
}

function decline(made: RequestGround): void {
  made.workspace.git('push', '--quiet', 'origin', ':refs/heads/sluice/reviews');
  for (const request of hub.forge.kept) request.state = 'closed';
}

describe('evaluate() with a fresh baseline and pull requests', () => {
  it('takes a no for a copy of what the primary and the candidate were, not for any other', async () => {
    const made = await asked();
    decline(made);
    expect((await made.pass()).stdout).toContain('a person closed it, which means no');
    change(made, 'reviews:v1', 'reviews:v1.1');
    expect((await made.pass()).stdout).toMatch(
      /prepare reviews-v2\n[^:]*:?.*\n? *waits for the merge of #\d+ \S+ \(opened\)/,
    );
    decline(made);
    expect((await made.pass()).stdout).toContain('a person closed it, which means no');
    change(
      made,
      'image: registry.example/reviews:v2',
      'image: registry.example/reviews:v2\n    deployment: {spec: {replicas: 3}}',
    );
    expect((await made.pass()).stdout).toMatch(/waits for the merge of #\d+ \S+ \(opened\)/);
  });

  it('gives its pods 5 minutes from the merge on, however long the request was open', async () => {
    const made = await asked();
    await made.passes(3);
    const { workspace } = made;
    workspace.git('fetch', '--quiet', 'origin');
    workspace.git('push', '--quiet', 'origin', 'origin/sluice/reviews:main');
    const mergedAt = workspace.now;
    Object.assign(hub.forge.kept[0] ?? {}, { state: 'merged', mergedAt: new Date(mergedAt * 1000).toISOString() });
    const ready = new Date((mergedAt + 300) * 1000).toISOString().slice(0, 19);
    expect((await made.pass()).stdout).toContain(
      `reviews-v2 waits: reviews-v1-baseline is deployed, and routed from ${ready}Z on`,
    );
    await made.pass();
    expect((await made.pass()).stdout).toContain('candidate reviews-v2 0 % → 5 %');
  });
});
