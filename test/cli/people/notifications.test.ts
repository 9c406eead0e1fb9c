import { afterEach, describe, expect, it, vi } from 'vitest';
import { hang, Listener, status } from '../../notify/listener.js';
import { Ground } from './ground.js';

afterEach(() => vi.unstubAllEnvs());

async function ground(server: Listener, more = ''): Promise<Ground> {
  vi.stubEnv('SLUICE_TEST_HOOK', server.url);
  const made = await Ground.start();
  const { workspace } = made;
  const hook = `notifications: [{kind: webhook, url: {env: SLUICE_TEST_HOOK}${more}}]\n`;
  workspace.commit({ 'sluice.yaml': workspace.read('sluice.yaml') + hook });
  return made;
}

describe('commands of people and notifications', () => {
  it('tell who did what and why, once it is committed', async () => {
    const seen: string[] = [];
    const made: { ground?: Ground } = {};
    const server = await Listener.start((response) => {
      seen.push(made.ground?.workspace.head ?? '');
      response.end();
    });
    made.ground = await ground(server);
    const { workspace } = made.ground;
    await made.ground.ran('pause', 'reviews', '--reason', 'checkout is slow');
    const commit = workspace.head;
    expect(seen).toEqual([commit]);
    const reason = 'Ada paused it: checkout is slow';
    expect(server.bodies).toMatchObject([
      { event: 'command', releases: ['reviews'], summary: 'pause', reason, commit },
    ]);
  });

  it.each<[string[], object]>([
    [['promote'], { event: 'promote', reason: 'Ada promoted reviews-v2, which had 0 %', candidate: 'reviews-v2' }],
    [['rollback'], { event: 'roll back', reason: 'Ada rolled reviews-v2 back', candidate: 'reviews-v2' }],
    [['freeze', '--reason', 'sale'], { event: 'command', reason: 'Ada froze every release: sale', releases: [] }],
    [
      ['candidate', '--image', 'registry.example/reviews:v3'],
      { event: 'command', reason: expect.stringMatching(/ no traffic yet\. Ada added it$/) },
    ],
  ])('tell of %j as what it is', async (words, event) => {
    const server = await Listener.start();
    const made = await ground(server);
    await made.ran(...words);
    expect(server.bodies).toMatchObject([event]);
  });

  it('tell nothing of what was not done, and to nobody who does not ask', async () => {
    const server = await Listener.start();
    const made = await ground(server, ', on: [promote]');
    for (const words of [['resume'], ['pause', '--dry-run'], ['pause'], ['abort', 'nothing']]) {
      await made.workspace.run(...words);
    }
    expect(server.heard).toEqual([]);
  });

  it('never fail by a server that refuses, or does not answer, and print the result before', async () => {
    const server = await Listener.start(status(404, {}, 'no such hook'), hang);
    const made = await ground(server);
    const first = await made.workspace.run('pause');
    expect(first.code).toBe(0);
    expect(first.stderr).toBe('sluice: not notified by webhook: the server answers 404: no such hook\n');
    const resumed = made.workspace.run('resume', '-o', 'json');
    const { code, stdout } = await resumed;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      releases: [{ summary: 'resume', pushed: false }],
      notifications: [{ kind: 'webhook', delivered: false, messages: 0, error: 'no answer within 5 s' }],
    });
  }, 30_000);

  it('leave it to the next pass to say which failures are over', async () => {
    const server = await Listener.start();
    const made = await ground(server);
    const { workspace } = made;
    workspace.commit({ 'releases/broken/values.yaml': 'environment: nowhere\n' });
    await made.pass();
    await made.ran('pause', 'reviews');
    const before = server.heard.length;
    await made.pass();
    expect(server.heard).toHaveLength(before);
  });
});
