import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureOf, rollBack, Teller } from './ground.js';
import { type Answer, hang, Listener, status } from './listener.js';

const hook = 'notifications: [{kind: webhook, url: {env: HOOK}}]\n';
const warning = (reason: string) => ({ kind: 'warning' as const, releases: [], summary: 'warning', reason });

async function ground(...answers: Answer[]) {
  const server = await Listener.start(...answers);
  const teller = new Teller(hook, { HOOK: server.url });
  return { server, teller, memory: `${teller.repository.root}/.git/sluice/notified.json` };
}

describe('notify()', () => {
  it('tells everybody of what they want to hear, and says who was told', async () => {
    const server = await Listener.start();
    const yaml = `notifications:
- {kind: slack, url: {env: HOOK}, on: [promote]}
- {kind: webhook, url: {env: HOOK}, on: [roll back, failure]}
- {kind: slack, url: {env: HOOK}, on: [roll back]}
`;
    const teller = new Teller(yaml, { HOOK: server.url });
    expect(await teller.tell([rollBack, failureOf('ratings')])).toEqual([
      { kind: 'webhook', delivered: true, messages: 2 },
      { kind: 'slack', delivered: true, messages: 1 },
    ]);
    expect(server.heard).toHaveLength(3);
  });

  it('goes on without one that hangs, refuses or is not there', async () => {
    const [silent, bad, good] = [await Listener.start(hang), await Listener.start(status(500)), await Listener.start()];
    const kinds = ['SILENT', 'BAD', 'GONE', 'PLAIN', 'GOOD'].map((name) => `{kind: slack, url: {env: ${name}}}`);
    const env = { SILENT: silent.url, BAD: bad.url, GOOD: good.url, PLAIN: 'http://hooks.example/services/pl4nted' };
    // A machine that is busy lets also the others answer late.
    const patience = { all: 60_000, each: 2_000 };
    const teller = new Teller(`notifications: [${kinds.join(', ')}]\n`, env, { patience });
    expect(await teller.tell([rollBack])).toEqual([
      { kind: 'slack', delivered: false, messages: 0, error: 'no answer within 2 s' },
      { kind: 'slack', delivered: false, messages: 0, error: 'the server answers 500' },
      {
        ...{ kind: 'slack', delivered: false, messages: 0 },
        error: 'Cannot read the url of slack from the variable GONE: there is none',
      },
      {
        ...{ kind: 'slack', delivered: false, messages: 0 },
        error: expect.stringMatching(/^Cannot use the url of slack as a safe one: it is not https/),
      },
      { kind: 'slack', delivered: true, messages: 1 },
    ]);
    expect(silent.heard).toHaveLength(1);
  });

  it('ends in time, however many wait', async () => {
    const server = await Listener.start(hang);
    const teller = new Teller(hook, { HOOK: server.url }, { patience: { all: 4_000, each: 1_000 } });
    const events = Array.from({ length: 60 }, () => rollBack);
    const [delivery] = await teller.tell(events);
    expect(delivery).toMatchObject({ delivered: false, messages: 0 });
    expect(delivery?.error).toBe('no answer within 1 s (and 50 more)');
    // The fifty that may be sent, eight at once, would take seven seconds.
    expect(server.heard.length).toBeLessThan(50);
  });

  it('sends no more than fifty messages, a few at once', async () => {
    let now = 0;
    let most = 0;
    const { teller, server } = await ground(async (response) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
      response.end();
    });
    const [delivery] = await teller.tell(Array.from({ length: 60 }, () => rollBack));
    expect(delivery).toMatchObject({
      delivered: false,
      messages: 50,
      error: expect.stringMatching(/^10 are left out/),
    });
    expect(server.heard).toHaveLength(50);
    expect(most).toBeLessThanOrEqual(8);
    expect(most).toBeGreaterThan(1);
  });

  it('never throws, even where there is no repository', async () => {
    const teller = new Teller(hook, { HOOK: 'http://127.0.0.1:1' }, { folder: '/' });
    expect(await teller.tell([rollBack])).toEqual([
      { kind: 'webhook', delivered: false, messages: 0, error: expect.stringContaining('not a git repository') },
    ]);
  });
});

describe('a failure that is there pass after pass', () => {
  it('is told once, and again after it was over or became another one', async () => {
    const { teller, server, memory } = await ground();
    const pass = async (...events: Parameters<Teller['tell']>[0]) => {
      const before = server.heard.length;
      await teller.tell(events);
      return server.heard.length - before;
    };
    expect(await pass(failureOf('reviews'))).toBe(1);
    expect(await pass(failureOf('reviews', 'source/unreachable', 'other words'))).toBe(0);
    expect(await pass(failureOf('reviews', 'source/answer'))).toBe(1);
    expect(await pass(failureOf('reviews', 'source/answer'), failureOf('reviews', 'git/refused'))).toBe(1);
    expect(await pass()).toBe(0);
    expect(existsSync(memory)).toBe(true);
    expect(await pass(failureOf('reviews', 'source/answer'))).toBe(1);
    expect(await pass(rollBack, failureOf('reviews', 'source/answer'))).toBe(1);
    expect(await pass(rollBack)).toBe(1);
  });

  it('is remembered while a pass looks at other releases, and forgotten with its release', async () => {
    const { teller, server } = await ground();
    await teller.tell([failureOf('reviews')]);
    await teller.tell([], ['ratings']);
    await teller.tell([failureOf('reviews')]);
    expect(server.heard).toHaveLength(1);
    await teller.tell([], ['ratings'], ['ratings']);
    await teller.tell([failureOf('reviews')]);
    expect(server.heard).toHaveLength(2);
  });

  it('is told later to those who did not hear it', async () => {
    const { teller, server } = await ground(status(404), status(200));
    expect(await teller.tell([failureOf('reviews')])).toMatchObject([{ delivered: false }]);
    expect(await teller.tell([failureOf('reviews')])).toMatchObject([{ delivered: true }]);
    expect(await teller.tell([failureOf('reviews')])).toEqual([]);
    expect(server.heard).toHaveLength(2);
  });

  it('is told of the releases that fail newly, not of those that are known', async () => {
    const { teller, server } = await ground();
    await teller.tell([failureOf('reviews')], ['reviews', 'ratings']);
    await teller.tell([failureOf('reviews'), failureOf('ratings')], ['reviews', 'ratings']);
    expect(server.bodies).toMatchObject([{ releases: ['reviews'] }, { releases: ['ratings'] }]);
  });

  it('is said again where the memory is broken', async () => {
    const { teller, server, memory } = await ground();
    await teller.tell([failureOf('reviews')]);
    for (const broken of ['{', '{"a": 1}', '[]', 'null']) {
      writeFileSync(memory, broken);
      expect(await teller.tell([failureOf('reviews')])).toMatchObject([{ delivered: true }]);
    }
    expect(server.heard).toHaveLength(5);
  });

  it('may be a warning, whose numbers change', async () => {
    const { teller, server } = await ground();
    const all = ['reviews', 'ratings'];
    await teller.tell([warning('3 of 20 series are gone')], all);
    await teller.tell([warning('4 of 20 series are gone')], all);
    await teller.tell([], ['reviews']);
    await teller.tell([warning('5 of 20 series are gone')], all);
    expect(server.heard).toHaveLength(1);
    await teller.tell([], all);
    await teller.tell([warning('5 of 20 series are gone'), warning('another')], all);
    expect(server.heard).toHaveLength(3);
  });
});
