import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sluice } from '../workspace.js';
import { file, Ground, renderings, values } from './ground.js';

const single =
  values.slice(0, values.indexOf('  - metadata: {name: reviews-v2}')) + values.slice(values.indexOf('analysis:'));
const image = 'registry.example/reviews:v2';

describe.each(renderings)('candidate() --from with render: %s', (render) => {
  it('adds several versions in one commit, each without traffic', async () => {
    const ground = await Ground.start(render, single);
    const { workspace } = ground;
    workspace.write(
      'new.yaml',
      `# both at once
- {image: "registry.example/reviews:v2", port: 9081}
- metadata: {name: reviews-big, labels: {size: big}}
  image: registry.example/reviews:v2
  weight: 0
`,
    );
    const said = await ground.ran('candidate', 'reviews', '--from', 'new.yaml', '--reason', 'two ideas');
    expect(said).toMatch(/^reviews: added reviews-v2 with .*:v2, reviews-big with .*:v2, without traffic; commit /);
    expect(ground.subject).toBe('chore(reviews): add candidates reviews-v2, reviews-big');
    expect(ground.body).toContain('Ada added them: two ideas');
    expect(parse(workspace.read(file)).application.versions.slice(1)).toEqual([
      { metadata: { name: 'reviews-v2' }, port: 9081, image, weight: 0 },
      { metadata: { name: 'reviews-big', labels: { size: 'big' } }, image, weight: 0 },
    ]);
    expect(workspace.read(file).startsWith(single.slice(0, single.indexOf('analysis:')))).toBe(true);
    const after = workspace.fingerprint();
    await workspace.ran('synth');
    expect(workspace.fingerprint()).toEqual(after);
  });
});

describe('candidate()', () => {
  it('adds two that are analysed together and divide the entry share', async () => {
    const ground = await Ground.start('manifests', single);
    ground.workspace.write(
      'new.yaml',
      '- {image: "registry.example/reviews:v2"}\n- {image: "registry.example/reviews:v3"}\n',
    );
    await ground.ran('candidate', 'reviews', '--from', 'new.yaml');
    const entered = await ground.pass();
    expect(entered).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('reviews-v2, reviews-v3 enter at 2 % each'),
    });
  });

  it('joins one that is under way', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    expect(ground.versions).toEqual([
      { name: 'reviews-v1', weight: 95 },
      { name: 'reviews-v2', weight: 5 },
      { name: 'reviews-v3', weight: 0 },
    ]);
    expect((await ground.pass()).stdout).toContain('reviews-v3 joins at 5 %');
  });

  it('takes one version from stdin, under a name that is given', async () => {
    const ground = await Ground.start('manifests', single);
    const cwd = ground.workspace.folder;
    const argv = ['candidate', 'reviews', '--from', '-', '--version', 'reviews-next'];
    const { code } = await sluice(argv, { cwd, stdin: `image: ${image}\n` });
    expect(code).toBe(0);
    expect(ground.versions[1]).toEqual({ name: 'reviews-next', weight: 0 });
  });

  it('--dry-run and -o json tell what is added', async () => {
    const ground = await Ground.start('manifests', single);
    const before = ground.workspace.fingerprint();
    expect(await ground.ran('candidate', 'reviews', '--image', image, '--dry-run')).toBe(
      `reviews: added reviews-v2 with ${image}, without traffic\ndry run: nothing was written\n`,
    );
    const printed = JSON.parse(await ground.ran('candidate', 'reviews', '--image', image, '--dry-run', '-o', 'json'));
    expect(printed).toMatchObject({
      dryRun: true,
      releases: [{ release: 'reviews', summary: 'add candidate reviews-v2' }],
    });
    expect(ground.workspace.fingerprint()).toEqual(before);
  });

  it('does not add what was judged as it is', async () => {
    const ground = await Ground.start();
    await ground.ran('abort', 'reviews');
    const { workspace } = ground;
    workspace.commit({ [file]: single });
    const { code, stderr } = await workspace.run('candidate', 'reviews', '--image', image);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('it was terminated at') });
  });

  it.each<[string, string, RegExp]>([
    ['an unknown key', '- image: r/x:v2\n- imag: r/x:v3\n', /^new\.yaml:2:3 \[1\]\.imag: is no known key/],
    [
      'traffic',
      'image: r/x:v2\nweight: 20\n',
      /^new\.yaml:2:9 weight: is 20, but a candidate is added without traffic/,
    ],
    [
      'a name that is taken',
      '- image: r/x:v2\n- metadata: {name: reviews-v1}\n  image: r/x:v3\n',
      /^new\.yaml:2:20 \[1\]\.metadata\.name: is "reviews-v1" again/,
    ],
    ['a list without entries', '[]\n', /^new\.yaml:1:1/],
    ['no YAML', 'image: [\n', /^new\.yaml:2:1/],
    ['an image without a tag and no name', 'image: r/x\n', /Cannot name the version after the tag of r\/x/],
  ])('--from refuses %s with its place', async (_, text, says) => {
    const ground = await Ground.start('manifests', single);
    ground.workspace.write('new.yaml', text);
    const before = ground.workspace.fingerprint();
    const { code, stderr } = await ground.workspace.run('candidate', 'reviews', '--from', 'new.yaml');
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(ground.workspace.fingerprint()).toEqual(before);
  });

  it.each([
    [['--image', image, '--from', 'x'], '--image and --from'],
    [[], 'neither --image nor --from'],
    [['--from', 'nowhere.yaml'], 'Cannot read nowhere.yaml'],
  ])('refuses %j', async (argv, says) => {
    const ground = await Ground.start('manifests', single);
    const { code, stderr } = await ground.workspace.run('candidate', 'reviews', ...argv);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });

  it('--version names one version only', async () => {
    const ground = await Ground.start('manifests', single);
    ground.workspace.write('new.yaml', '- image: r/x:v2\n- image: r/x:v3\n');
    const { stderr } = await ground.workspace.run('candidate', 'reviews', '--from', 'new.yaml', '--version', 'a');
    expect(stderr).toContain('Cannot call 2 versions a: each needs a name of its own');
  });
});
