import { describe, expect, it } from 'vitest';
import { GitError } from '../../src/errors.js';
import { allowanceOf } from '../../src/gitops/budget.js';
import { type Files, Overtaken, type Proposal } from '../../src/gitops/proposal.js';
import { publish } from '../../src/gitops/publish.js';
import { change, planOf } from './conformance/backend-suite.js';
import { localGround, pushGround } from './grounds.js';
import type { ScratchRepository } from './scratch-repository.js';

type Ground = ReturnType<typeof localGround>;

describe('publish()', () => {
  it('puts what may not wait first, and plans each on the files of those before it', async () => {
    const ground = localGround({ a: '0\n' });
    const seen: (string | undefined)[] = [];
    const count = (release: string, urgent: boolean) =>
      proposal(release, urgent, (files) => {
        const now = files.read('a');
        seen.push(now);
        return planOf(release, [change('a', `${Number(now) + 1}\n`)]);
      });
    const outcomes = await run(ground, [count('slow', false), count('urgent', true), count('last', false)]);
    expect(seen).toEqual(['0\n', '1\n', '2\n']);
    expect(ground.git('log', '--reverse', '--format=%s').split('\n').slice(1)).toEqual([
      ...['chore(urgent): do urgent', 'chore(slow): do slow', 'chore(last): do last'],
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed']);
    expect(outcomes[2]).toMatchObject({ commit: ground.git('rev-parse', 'HEAD') });
  });

  it('plans again on a tip that has moved, and says what a person overtook', async () => {
    const ground = pushGround({ a: '0\n', b: '0\n' });
    let moved = false;
    const guarded = (path: string) =>
      proposal(path, false, (files) => {
        if (!moved) {
          ground.person({ a: 'theirs\n' });
          moved = true;
          return planOf(path, [change(path, '1\n')]);
        }
        if (files.read(path) !== '0\n') return new Overtaken('a person was faster');
        return planOf(path, [change(path, '1\n')]);
      });
    const outcomes = await run(ground, [guarded('a'), guarded('b')]);
    expect(outcomes).toMatchObject([{ kind: 'overtaken', reason: 'a person was faster' }, { kind: 'committed' }]);
    expect(ground.git('log', '--format=%s', '-2', 'main')).toBe('chore(b): do b\nfeat: theirs');
  });

  it('gives up after twelve tries, or five that took long, waiting longer at first, and says so', async () => {
    const givesUp = async (took: number) => {
      const ground = pushGround({ a: '0\n' });
      const pauses: number[] = [];
      let [turn, time] = [0, 0];
      const unlucky = proposal('a', false, () => {
        ground.person({ b: `${turn++}` });
        time += took;
        return planOf('a', [change('a', '1\n')]);
      });
      const conditions = { clock: () => time, pause: async (each: number) => void pauses.push(each) };
      const [outcome] = await run(ground, [unlucky], conditions);
      const message = `Cannot publish to refs/heads/main before somebody else does, ${turn} times over: `;
      expect(outcome).toMatchObject({
        kind: 'failed',
        error: { code: 'git/moved', message: expect.stringContaining(message) },
      });
      expect(ground.git('rev-list', '--count', 'main')).toBe(`${turn + 1}`);
      return { turn, pauses };
    };
    expect(await givesUp(0)).toEqual({ turn: 12, pauses: [100, 200, 400, ...Array(8).fill(800)] });
    expect(await givesUp(6_000)).toEqual({ turn: 5, pauses: [1000, 2000, 4000, 8000] });
    expect((await givesUp(2_500)).turn).toBe(9);
  });

  it('waits as long as a try takes, within limits', async () => {
    const pausesOf = async (took: number) => {
      const ground = pushGround({ a: '0\n' });
      const pauses: number[] = [];
      let time = 0;
      const unlucky = proposal('a', false, () => {
        time += took;
        if (pauses.length < 2) ground.person({ b: `${time}` });
        return planOf('a', [change('a', '1\n')]);
      });
      const conditions = { clock: () => time, pause: async (each: number) => void pauses.push(each) };
      expect(await run(ground, [unlucky], conditions)).toMatchObject([{ kind: 'committed' }]);
      return pauses;
    };
    expect(await pausesOf(300)).toEqual([300, 600]);
    expect(await pausesOf(60_000)).toEqual([1000, 2000]);
  });

  it('goes on without what cannot be planned or written', async () => {
    const ground = localGround({ a: '0\n', dirty: '0\n' });
    ground.copy.write('dirty', 'mine\n');
    const outcomes = await run(ground, [
      proposal('broken', true, () => {
        throw new GitError('Cannot plan it', { code: 'git/test' });
      }),
      proposal('dirty', true, () => planOf('dirty', [change('dirty', '1\n')])),
      proposal('a', false, () => planOf('a', [change('a', '1\n')])),
      proposal('none', false, () => undefined),
      proposal('same', false, () => planOf('same', [change('a', '1\n')])),
    ]);
    expect(outcomes).toMatchObject([
      ...[
        { kind: 'failed', error: { code: 'git/test' } },
        { kind: 'failed', error: { code: 'git/dirty' } },
      ],
      ...[{ kind: 'committed' }, { kind: 'unchanged' }, { kind: 'unchanged' }],
    ]);
    expect(ground.git('rev-list', '--count', 'HEAD')).toBe('2');
  });

  it('lets a hook refuse one commit and takes the others', async () => {
    const ground = localGround({ a: '0\n', b: '0\n' });
    ground.copy.hook('commit-msg', '! grep -q "do a" "$1"');
    const outcomes = await run(ground, [
      proposal('a', false, () => planOf('a', [change('a', '1\n')])),
      proposal('b', false, () => planOf('b', [change('b', '1\n')])),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'committed']);
    expect(ground.copy.status()).toEqual([]);
  });

  it('lets eight writers race, and loses no commit of any', async () => {
    const ground = pushGround({ count: '0\n' });
    const writers = Array.from({ length: 8 }, () => ground.another());
    const results = await Promise.all(
      writers.map(async ({ backend, clone }, i) => {
        const kinds: string[] = [];
        for (let round = 0; round < 3; round++) {
          const add = proposal(`w${i}`, false, (files) =>
            planOf(`w${i}`, [change('count', `${Number(files.read('count')) + 1}\n`), change(`w${i}`, `${round}\n`)]),
          );
          const repository = await backend.sync();
          const [outcome] = await publish([add], { backend, repository, read: readerOf(clone) });
          kinds.push(outcome?.kind ?? '');
        }
        return kinds;
      }),
    );
    const committed = results.flat().filter((kind) => kind === 'committed').length;
    expect(committed).toBeGreaterThan(0);
    expect(ground.git('show', 'main:count')).toBe(`${committed}`);
    expect(ground.git('rev-list', '--count', 'main')).toBe(`${committed + 1}`);
  });
});

describe('the budget of publish()', () => {
  const limits = { pushesPerMinute: 3, writesPerHour: 20 };
  const one = (release: string, urgent = false) =>
    proposal(release, urgent, () => planOf(release, [change(release, `${Math.random()}\n`)]));

  it('keeps the last push of a minute for what may not wait, and lets the others ride along', async () => {
    const ground = pushGround({ a: '0\n' });
    const pass = (proposals: Proposal[], now: number) => run(ground, proposals, { limits, now });
    expect(kinds(await pass([one('a')], 0))).toEqual(['committed']);
    expect(kinds(await pass([one('a')], 1_000))).toEqual(['committed']);
    expect(await pass([one('a'), one('b')], 2_000)).toEqual([
      { kind: 'deferred', reason: '3 pushes a minute are spent' },
      { kind: 'deferred', reason: '3 pushes a minute are spent' },
    ]);
    expect(kinds(await pass([one('a'), one('b', true)], 3_000))).toEqual(['committed', 'committed']);
    expect(kinds(await pass([one('b', true)], 4_000))).toEqual(['deferred']);
    expect(kinds(await pass([one('a')], 61_500))).toEqual(['committed']);
  });

  it('keeps a tenth of the writes of an hour, forgets them after it, and outlives a damaged memory', async () => {
    const ground = pushGround({ a: '0\n' });
    const pass = (count: number, urgent: boolean, now: number) => {
      const all = Array.from({ length: count }, (_, i) => one(`${i}`, urgent));
      return run(ground, all, { limits: { ...limits, pushesPerMinute: 100 }, now });
    };
    const first = kinds(await pass(25, false, 0));
    expect(first.filter((kind) => kind === 'committed')).toHaveLength(18);
    expect(first.slice(18)).toEqual(Array(7).fill('deferred'));
    expect(kinds(await pass(3, true, 1_000))).toEqual(['committed', 'committed', 'deferred']);
    expect(kinds(await pass(1, true, 3_600_500))).toEqual(['committed']);
    ground.copy.write('.git/sluice/budget.json', '{"pushes": "many"');
    expect(kinds(await pass(1, false, 3_600_600))).toEqual(['committed']);
  });

  it('keeps one write of few for what may not wait', async () => {
    const ground = pushGround({ a: '0\n' });
    const few = { pushesPerMinute: 100, writesPerHour: 3 };
    const first = await run(ground, [one('a'), one('b'), one('c')], { limits: few });
    expect(kinds(first)).toEqual(['committed', 'committed', 'deferred']);
    expect(kinds(await run(ground, [one('d', true)], { limits: few }))).toEqual(['committed']);
  });
});

interface Conditions {
  readonly limits?: { readonly pushesPerMinute: number; readonly writesPerHour: number };
  readonly now?: number;
  readonly pause?: (time: number) => Promise<void>;
  readonly clock?: () => number;
}

async function run(
  { backend, copy }: Pick<Ground, 'backend' | 'copy'>,
  proposals: readonly Proposal[],
  { limits, now = 0, pause = async () => {}, clock = () => 0 }: Conditions = {},
) {
  const repository = await backend.sync();
  const allowance = limits && (() => allowanceOf(repository, limits, now));
  return publish(proposals, { backend, repository, read: readerOf(copy), allowance, pause, clock, random: () => 1 });
}

function readerOf(copy: ScratchRepository): Files['read'] {
  return (path) => (copy.exists(path) ? copy.read(path) : undefined);
}

function proposal(release: string, urgent: boolean, plan: Proposal['plan']): Proposal {
  return { release, urgent, plan };
}

function kinds(outcomes: readonly { readonly kind: string }[]): string[] {
  return outcomes.map(({ kind }) => kind);
}
