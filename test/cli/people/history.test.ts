import { expect, it } from 'vitest';
import { Ground } from './ground.js';

it('history() lists what people command as what it is, with who and why', async () => {
  const ground = await Ground.start();
  await ground.pass();
  await ground.ran('pause', 'reviews', '--reason', 'why');
  await ground.ran('resume', 'reviews');
  await ground.ran('promote', 'reviews');
  await ground.ran('rollback', 'reviews');
  await ground.ran('rollback', 'reviews', '--to', 'HEAD~4');
  await ground.ran('abort', 'reviews');
  await ground.ran('freeze');
  await ground.ran('unfreeze');
  const { entries, skipped } = JSON.parse(await ground.ran('history', '-o', 'json'));
  expect(skipped).toEqual([]);
  const told = entries.map(({ kind, release, decision }: Record<string, string>) =>
    [kind, release, decision].join(' '),
  );
  expect(told).toEqual([
    'decision sluice unfreeze',
    'decision sluice freeze',
    'decision reviews abort',
    'decision reviews roll back',
    'decision reviews roll back',
    'decision reviews promote',
    'decision reviews resume',
    'decision reviews pause',
    'decision reviews advance',
  ]);
  expect(entries.at(-2)).toMatchObject({ reason: 'Ada paused it: why', by: { name: 'Ada' } });
});
