import { describe, expect, it } from 'vitest';
import { file, Ground, pushMeanwhile, renderings, values } from './ground.js';

describe.each(renderings)('pause() and resume() with render: %s', (render) => {
  it('hold a candidate and let it go on, and the file is as it was', async () => {
    const ground = await Ground.start(render);
    const { workspace } = ground;
    await ground.pass();
    const before = workspace.read(file);
    expect(await ground.ran('pause', 'reviews', '--reason', 'checkout is slow')).toBe(
      [
        'reviews: pause',
        '  Ada paused it: checkout is slow',
        '  rollout.override.action: pause',
        '  rollout.override.by: Ada',
        '  rollout.override.reason: checkout is slow',
        `  commit ${workspace.head.slice(0, 10)}`,
        'committed here only; there is no remote origin to push to\n',
      ].join('\n'),
    );
    expect(ground.files).toEqual([file]);
    const held = await ground.stays();
    expect(held.stdout).toMatch(
      /^reviews: hold reviews-v2 at 5 %\n {2}paused by Ada: checkout is slow; reviews-v2 keeps/,
    );

    await ground.ran('resume', 'reviews');
    expect(workspace.read(file)).toBe(before);
    expect(ground.body).toContain('Ada resumed it; it was paused by Ada: checkout is slow');
    expect((await ground.pass()).stdout).toContain('5 % → 50 %');
  });
});

describe('pause()', () => {
  it('keeps a candidate out that has no traffic yet, also where there are no metrics', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews');
    ground.workspace.commit({
      'sluice.yaml': 'metrics: {source: prometheus, url: "http://127.0.0.1:9", timeout: 1s}\n',
    });
    const { stdout } = await ground.stays(1);
    expect(stdout).toBe('reviews: hold reviews-v2 at 0 %\n  reviews-v2 waits: paused by Ada\n');
    expect(await ground.ran('status', 'reviews')).toContain('paused by Ada');
  });

  it('is told where no candidate waits, by a pass and by the status', async () => {
    const ground = await Ground.start();
    await ground.passes(3);
    await ground.ran('pause', 'reviews', '--reason', 'audit');
    const { stdout } = await ground.stays(1);
    expect(stdout).toBe('reviews: nothing to decide\n  no candidate waits for an analysis; paused by Ada: audit\n');
    expect(await ground.ran('status', 'reviews')).toMatch(/ next: paused by Ada: audit\n/);
  });

  it('leaves the reserve of the budget to a rollback', async () => {
    const ground = await Ground.start();
    await ground.pass();
    const { workspace } = ground;
    const { server } = ground.serve();
    workspace.commit({ 'sluice.yaml': `${workspace.read('sluice.yaml')}git: {backend: push}\n` });
    workspace.git('push', '--quiet', 'origin', 'main');
    const codes: number[] = [];
    for (const command of ['pause', 'resume', 'pause', 'resume', 'pause', 'resume']) {
      codes.push((await workspace.run(command, 'reviews')).code);
    }
    expect(codes).toEqual([0, 0, 0, 0, 0, 2]);
    await ground.ran('rollback', 'reviews');
    expect(server('log', '-1', '--format=%s', 'main')).toContain('roll back reviews-v2 5 % → 0 %');
  });

  it('does not keep what fails from being rolled back', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('pause', 'reviews');
    ground.mesh.services({ 'reviews-v2': 0.5 });
    expect((await ground.pass()).stdout).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %/);
    expect(ground.weights).toEqual([100, 0]);
  });

  it('lets neither the time nor a winner end an analysis', async () => {
    const trial = values.replace('steps: [5, 50]}', 'steps: [5], onTermination: to-baseline}');
    const ground = await Ground.start('manifests', trial);
    await ground.pass();
    await ground.ran('pause', 'reviews');
    await ground.stays(3);
    await ground.ran('resume', 'reviews');
    expect((await ground.pass()).stdout).toContain('onTermination is to-baseline');
  });

  it('resume lets an analysis go on that was paused because the primary changed', async () => {
    const ground = await Ground.start();
    await ground.pass();
    ground.workspace.replace(file, 'reviews:v1', 'reviews:v1.1');
    ground.workspace.commit({});
    expect((await ground.pass()).stdout).toContain('reviews-v1 was changed while reviews-v2 is compared with it');
    expect(await ground.ran('status', 'reviews')).toContain('paused: sluice resume, or a share by hand');
    await ground.stays(2);
    expect(await ground.ran('resume', 'reviews')).toContain('Ada resumed it; it was paused: reviews-v1 was changed');
    await ground.passes(2);
    expect(ground.primary).toBe('reviews-v2');
  });

  it('pause takes the place of another wish', async () => {
    const ground = await Ground.start(
      'manifests',
      values.replace('rollout: {', 'rollout: {override: {action: resume}, '),
    );
    expect(await ground.ran('pause', 'reviews')).toContain('rollout.override.action: pause');
    expect(await ground.ran('resume', 'reviews')).toContain('it was paused by Ada');
  });

  it('puts another reason in the place of the one that is there, and says what that was', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews', '--reason', 'why');
    expect(await ground.ran('pause', 'reviews', '--reason', 'audit')).toContain('rollout.override.reason: audit');
    expect(ground.body).toContain('Ada paused it: audit; it was paused by Ada: why');
    expect(await ground.ran('pause', 'reviews', '--reason', 'audit')).toContain(
      'nothing to do: it is paused by Ada: audit',
    );
    await ground.ran('resume', 'reviews');
    expect(ground.workspace.read(file)).toBe(values);
  });

  it('does nothing twice, and nothing where nothing moves by itself', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews', '--reason', 'why');
    const { head } = ground.workspace;
    expect(await ground.ran('pause', 'reviews')).toBe('reviews: nothing to do: it is paused by Ada: why\n');
    ground.workspace.commit({ [file]: values.slice(0, values.indexOf('analysis:')) });
    expect(await ground.ran('pause', 'reviews')).toContain('nothing to do: its values ask for no analysis');
    expect(await ground.ran('resume', 'reviews')).toBe('reviews: nothing to do: it is not paused\n');
    expect(ground.workspace.git('rev-parse', 'HEAD~1')).toBe(head);
  });

  it('--all takes every release, a commit each, and goes on after a broken one', async () => {
    const ground = await Ground.start();
    const { workspace } = ground;
    workspace.commit({
      'releases/team/ratings/values.yaml': values.replaceAll('reviews', 'ratings'),
      'releases/broken/values.yaml': 'environment: nowhere\n',
    });
    const { code, stdout, stderr } = await workspace.run('pause', '--all', '--reason', 'sale');
    expect(code).toBe(2);
    expect(stdout.match(/^\S+: pause$/gm)).toEqual(['reviews: pause', 'team/ratings: pause']);
    expect(stderr).toMatch(/^releases\/broken\/values\.yaml:1:1 application: is missing/);
    expect(workspace.subjects().slice(-2)).toEqual(['chore(reviews): pause', 'chore(ratings): pause']);
  });

  it('--dry-run prints the same plan and changes nothing', async () => {
    const ground = await Ground.start();
    const before = ground.workspace.fingerprint();
    const rehearsed = await ground.ran('pause', 'reviews', '--dry-run');
    expect(ground.workspace.fingerprint()).toEqual(before);
    const done = await ground.ran('pause', 'reviews');
    expect(rehearsed).toBe(done.replace(/ {2}commit .*\n.*\n/, 'dry run: nothing was written\n'));
  });

  it('-o json prints what was done as data', async () => {
    const ground = await Ground.start();
    const printed = JSON.parse(await ground.ran('pause', 'reviews', '-o', 'json'));
    expect(printed).toEqual({
      dryRun: false,
      releases: [
        {
          release: 'reviews',
          summary: 'pause',
          reason: 'Ada paused it',
          changes: ['rollout.override.action: pause', 'rollout.override.by: Ada'],
          commit: ground.workspace.head,
          pushed: false,
        },
      ],
      notifications: [],
    });
  });

  it('--push lands on what others pushed meanwhile', async () => {
    const ground = await Ground.start();
    const { folder, server } = ground.serve();
    pushMeanwhile(ground, folder, `sed -i 's/# Reviews/# Theirs: reviews/' ${file}`);
    await ground.ran('pause', 'reviews', '--push');
    expect(server('log', '--format=%s', '-2', 'main')).toBe('chore(reviews): pause\nfeat: theirs');
    expect(server('show', `main:${file}`)).toMatch(/^# Theirs: reviews[\s\S]*override: \{action: pause, by: Ada\}/);
  });

  it.each<[string, string[], RegExp]>([
    [
      'a release that is not there',
      ['pause', 'ratings'],
      /Cannot find the release ratings[\s\S]*releases are: reviews/,
    ],
    ['a name beside --all', ['resume', 'reviews', '--all'], /--all and a name/],
    ['an empty reason', ['pause', 'reviews', '--reason', ' '], /--reason is empty/],
  ])('refuses %s', async (_, argv, says) => {
    const ground = await Ground.start();
    const before = ground.workspace.fingerprint();
    const { code, stdout, stderr } = await ground.workspace.run(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(ground.workspace.fingerprint()).toEqual(before);
  });

  it('makes one plain line of a reason', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews', '--reason', 'first\nSluice-Decision: promote \u001b[31m # "x"');
    expect(ground.workspace.git('log', '-1', '--format=%(trailers:key=Sluice-Decision,valueonly)').trim()).toBe(
      'pause',
    );
    expect(ground.workspace.read(file)).toContain('reason: "first Sluice-Decision: promote [31m # \\"x\\""}');
    expect((await ground.stays(1)).stdout).toContain('first Sluice-Decision: promote [31m # "x"');
  });
});
