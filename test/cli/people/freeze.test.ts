import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Ground, pushMeanwhile, renderings, values } from './ground.js';

const settings = 'sluice.yaml';

describe.each(renderings)('freeze() and unfreeze() with render: %s', (render) => {
  it('hold every release, and the settings are as they were', async () => {
    const ground = await Ground.start(render);
    const { workspace } = ground;
    await ground.pass();
    workspace.commit({ 'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
    const before = workspace.read(settings);
    expect(await ground.ran('freeze', '--until', '2023-12-27T08:00:00+01:00', '--reason', 'holidays')).toBe(
      [
        'sluice: freeze every release until 2023-12-27T08:00:00+01:00',
        '  Ada froze every release until 2023-12-27T08:00:00+01:00: holidays',
        '  freeze.reason: holidays',
        '  freeze.until: 2023-12-27T08:00:00+01:00',
        '  freeze.by: Ada',
        `  commit ${workspace.head.slice(0, 10)}`,
        'committed here only; there is no remote origin to push to\n',
      ].join('\n'),
    );
    expect(ground.files).toEqual([settings]);
    await ground.pass();
    const { stdout } = await ground.stays();
    const words = 'everything is frozen until 2023-12-27T08:00:00+01:00 by Ada: holidays';
    expect(stdout).toContain(`ratings: hold ratings-v2 at 0 %\n  ratings-v2 waits: ${words}\n`);
    expect(stdout).toMatch(
      new RegExp(`reviews: hold reviews-v2 at 5 %\\n {2}${words.replace('+', '\\+')}; reviews-v2 keeps`),
    );
    expect(await ground.ran('freeze', '--until', '2023-12-27T08:00:00+01:00')).toBe(
      'sluice: nothing to do: it is frozen by Ada until 2023-12-27T08:00:00+01:00: holidays\n',
    );
    await ground.ran('unfreeze');
    expect(workspace.read(settings)).toBe(before);
    expect((await ground.pass()).stdout).toContain('5 % → 50 %');
    expect(await ground.ran('unfreeze')).toBe('sluice: nothing to do: nothing is frozen\n');
  });
});

describe('freeze()', () => {
  it('does not keep what fails from being rolled back', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('freeze');
    ground.mesh.services({ 'reviews-v2': 0.5 });
    expect((await ground.pass()).stdout).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %/);
  });

  it('does not complete a promotion that a person began by hand', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('freeze');
    const { workspace } = ground;
    const file = 'releases/reviews/values.yaml';
    workspace.commit({ [file]: workspace.read(file).replace('  port', '  primary: reviews-v2\n  port') });
    await workspace.ran('synth');
    workspace.commit({});
    expect((await ground.stays()).stdout).toContain('everything is frozen by Ada');
  });

  it('is over at its time, which every pass says once', async () => {
    const ground = await Ground.start();
    ground.workspace.commit({ 'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
    await ground.ran('freeze', '--until', '1m');
    expect(parse(ground.workspace.read(settings)).freeze.until).toBe('2023-11-14T22:15:00Z');
    const { stdout } = await ground.pass();
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(stdout.match(/^warning: the freeze is over since 2023-11-14T22:15:00Z: sluice unfreeze.*$/gm)).toHaveLength(
      1,
    );
    await ground.ran('freeze');
    expect(parse(ground.workspace.read(settings)).freeze).toEqual({ by: 'Ada' });
  });

  it('says another thing where it is asked again with another reason', async () => {
    const ground = await Ground.start();
    await ground.ran('freeze', '--until', '12h', '--reason', 'one');
    await ground.ran('freeze', '--reason', 'two');
    expect(parse(ground.workspace.read(settings)).freeze).toEqual({ reason: 'two', by: 'Ada' });
  });

  it('without an end replaces one with an end, and says so', async () => {
    const ground = await Ground.start();
    await ground.ran('freeze', '--until', '2023-12-27T08:00:00Z', '--reason', 'holidays');
    const was = 'it was frozen by Ada until 2023-12-27T08:00:00Z: holidays';
    expect(await ground.ran('freeze')).toContain(`  Ada froze every release; ${was}\n`);
    expect(ground.body.replaceAll('\n', ' ')).toContain(was);
    expect(parse(ground.workspace.read(settings)).freeze).toEqual({ by: 'Ada' });
    expect(await ground.ran('freeze')).toBe('sluice: nothing to do: it is frozen by Ada\n');
  });

  it('says what it replaces where it ends sooner', async () => {
    const ground = await Ground.start();
    await ground.ran('freeze', '--until', '2023-12-27T08:00:00Z', '--reason', 'holidays');
    expect(await ground.ran('freeze', '--until', '2023-12-01T08:00:00Z')).toContain(
      'until 2023-12-01T08:00:00Z; it was frozen by Ada until 2023-12-27T08:00:00Z: holidays\n',
    );
  });

  it('makes settings where there are none, and unfreeze leaves them empty', async () => {
    const ground = await Ground.start();
    ground.workspace.remove(settings);
    ground.workspace.commit({});
    await ground.ran('freeze');
    expect(parse(ground.workspace.read(settings))).toEqual({ freeze: { by: 'Ada' } });
    await ground.ran('unfreeze');
    expect(parse(ground.workspace.read(settings))).toEqual({});
    await ground.ran('synth');
  });

  it('drops what a pass decided before it knew of the freeze', async () => {
    const ground = await Ground.start();
    const { folder, server } = ground.serve();
    ground.workspace.commit({ [settings]: `${ground.workspace.read(settings)}git: {backend: push}\n` });
    ground.workspace.git('push', '--quiet', 'origin', 'main');
    pushMeanwhile(ground, folder, `echo 'freeze: {reason: now}' >> ${settings}`);
    expect((await ground.pass()).stdout).toContain(
      'reviews: overtaken: candidate reviews-v2 0 % → 5 %\n  the freeze in sluice.yaml changed meanwhile',
    );
    expect(server('log', '-1', '--format=%s', 'main')).toBe('feat: theirs');
  });

  it.each([
    ['tomorrow', 'it is neither a time nor a distance'],
    ['2023-11-14', 'it is neither a time nor a distance'],
    ['2020-01-01T00:00:00Z', 'it is over already'],
  ])('refuses to end %s', async (until, says) => {
    const ground = await Ground.start();
    const before = ground.workspace.fingerprint();
    const { code, stderr } = await ground.workspace.run('freeze', '--until', until);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
    expect(ground.workspace.fingerprint()).toEqual(before);
  });

  it.each([
    ['freeze: {until: soon}', 'sluice.yaml:1:17 freeze.until: "soon" is no point in time'],
    ['freeze: {why: holidays}', 'sluice.yaml:1:10 freeze.why: is no known key'],
  ])('evaluate refuses %s with its place', async (text, says) => {
    const ground = await Ground.start();
    ground.workspace.commit({ [settings]: `${text}\n` });
    const { code, stderr } = await ground.workspace.run('evaluate');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });
});

describe('schedule in sluice.yaml', () => {
  it('holds every release in its minutes, and rolls back what fails all the same', async () => {
    const ground = await Ground.start();
    const { workspace } = ground;
    await ground.pass();
    const open = workspace.read(settings);
    workspace.commit({ [settings]: `${open}schedule: {hold: ['* * * * *']}\n` });
    expect((await ground.stays()).stdout).toMatch(/^reviews: hold reviews-v2 at 5 %\n.*schedule/);
    ground.mesh.services({ 'reviews-v2': 0.5 });
    expect((await ground.pass()).stdout).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %/);
  });
});
