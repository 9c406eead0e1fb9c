import { beforeEach, expect, it, vi } from 'vitest';
import { useForge } from '../gitops/pull-requests/forge-ground.js';
import type { RequestGround } from '../gitops/pull-requests/ground.js';

const hub = useForge();
let made: RequestGround;

beforeEach(async () => {
  // Traffic flows faster than the clock of the machine, so that it starts before, and so do the commits.
  const begin = Math.floor(Date.now() / 60_000) * 60 - 7200;
  commitAt(begin);
  made = await hub.ground('all', ', labels: [gate], reviewers: [bob]', { begin });
});

function commitAt(seconds: number): void {
  for (const who of ['AUTHOR', 'COMMITTER']) vi.stubEnv(`GIT_${who}_DATE`, `${Math.floor(seconds)} +0000`);
}

/** How a server merges, with the branch of the request in place of `$`. */
const merges = {
  'fast-forward': [['merge', '--quiet', '--ff-only', '$']],
  merge: [['merge', '--quiet', '--no-ff', '--message', 'Merge it', '$']],
  squash: [
    ['merge', '--quiet', '--squash', '$'],
    ['commit', '--quiet', '--message', 'chore: squashed (#1)'],
  ],
} as const;

/** Merges what is open, three minutes after it was asked for. */
function land(how: keyof typeof merges): void {
  const { workspace, mesh } = made;
  const request = hub.forge.kept.find(({ state }) => state === 'open');
  if (request === undefined) throw new Error('no request is open');
  mesh.simulator.advance(180);
  commitAt(mesh.simulator.now);
  workspace.git('fetch', '--quiet', 'origin');
  workspace.git('switch', '--quiet', '--force-create', 'theirs', 'origin/main');
  for (const args of merges[how]) {
    workspace.git(...args.map((arg) => (arg === '$' ? `origin/${request.branch}` : arg)));
  }
  workspace.git('push', '--quiet', 'origin', 'HEAD:main');
  workspace.git('switch', '--quiet', 'main');
  Object.assign(request, { state: 'merged', mergedAt: new Date(mesh.simulator.now * 1000).toISOString() });
}

it.each(['fast-forward', 'merge', 'squash'] as const)(
  'replay() counts windows from the merge of a request on, without its server: %s',
  async (how) => {
    const { workspace, mesh } = made;
    for (let i = 0; i < 3; i++) {
      commitAt(mesh.simulator.now + 120);
      await made.pass();
      land(how);
    }
    workspace.git('pull', '--quiet', '--ff-only', 'origin', 'main');
    await hub.forge.stop();
    const { stdout } = await workspace.run('replay', '--all', '-o', 'json');
    const { replays } = JSON.parse(stdout);
    expect(replays.map(({ differences }: { differences: unknown }) => differences)).toEqual([[], [], []]);
    expect(replays.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['same', 'same', 'same']);
    expect(replays.at(-1)).toMatchObject({ verdict: 'pass', looked: { windows: 1 } });
  },
);
