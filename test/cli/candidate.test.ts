import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ScratchWorkspace } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const image = 'registry.example/reviews:v2';

const blueGreen = `# Reviews of books
environment: istio      # our mesh
application:
  port: 9080
  strategy: blue-green
  versions:
  # the proven one
  - metadata: {name: reviews-v1, labels: {tier: front}}
    image: registry.example/reviews:v1
    weight: 100           # all of it
    deployment:
      spec: {replicas: 3}
# what follows is for the evaluator
analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.01}]
rollout: {policy: steps, steps: [5, 50]}
`;

describe('candidate()', () => {
  it('adds a version like the primary, without traffic, in one commit with its manifests', async () => {
    const workspace = await ground(blueGreen);
    const { code, stdout, stderr } = await workspace.run('candidate', 'reviews', '--image', image);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `reviews: added reviews-v2 with ${image}, without traffic; commit ${workspace.head.slice(0, 10)}\ncommitted here only; there is no remote origin to push to\n`,
    );
    expect(stderr).toBe('next: sluice evaluate, which lets it in\n');
    const [first, second] = parse(workspace.read(file)).application.versions;
    expect(second).toEqual({ ...first, image, weight: 0, metadata: { name: 'reviews-v2', labels: { tier: 'front' } } });
    expect(workspace.subjects(2)).toEqual(['chore(reviews): add candidate reviews-v2']);
    expect(workspace.git('show', '--format=', '--name-only', 'HEAD').split('\n')).toEqual([
      file,
      'rendered/reviews/manifests.yaml',
    ]);
    const before = workspace.fingerprint();
    await workspace.ran('synth');
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('keeps every line that was there, in LF and in CRLF', async () => {
    for (const text of [blueGreen, blueGreen.replaceAll('\n', '\r\n')]) {
      const workspace = await ground(text);
      await workspace.ran('candidate', 'reviews', '--image', image);
      const [added, removed] = workspace.git('diff', '--numstat', 'HEAD~', '--', file).split('\t');
      expect({ added, removed }).toEqual({ added: '6', removed: '0' });
      const after = workspace.read(file);
      expect(after.replace(/ {2}- metadata: \{name: reviews-v2[\s\S]*?weight: 0\r?\n/, '')).toBe(text);
      expect(after.includes('\r')).toBe(text.includes('\r'));
      expect(after.replaceAll('\r\n', '')).not.toContain('\r');
    }
  });

  it('copies the version that is the primary, not the first', async () => {
    const second = `  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    port: 9081
    weight: 0
# what follows`;
    const workspace = await ground(
      blueGreen
        .replace('# what follows', second)
        .replace('  port', '  primary: reviews-v2\n  port')
        .replace('weight: 0', 'weight: 7'),
    );
    await workspace.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    const [, , third] = parse(workspace.read(file)).application.versions;
    expect(third).toEqual({
      metadata: { name: 'reviews-v3' },
      image: 'registry.example/reviews:v3',
      port: 9081,
      weight: 0,
    });
  });

  it('takes a canary out of the route and keeps its match', async () => {
    const canary = `environment: istio
application:
  strategy: canary
  versions:
  - metadata: {name: reviews-v1}
    image: registry.example/reviews:v1
    match:
    - headers:
        x-tester: {exact: "yes"}
`;
    const workspace = await ground(canary);
    await workspace.ran('candidate', 'reviews', '--image', image);
    const { application } = parse(workspace.read(file));
    expect(application.versions[1]).toEqual({
      metadata: { name: 'reviews-v2' },
      image,
      routed: false,
      match: [{ headers: { 'x-tester': { exact: 'yes' } } }],
    });
    expect(workspace.read('rendered/reviews/manifests.yaml')).not.toContain('x-tester');
  });

  it.each([
    ['registry.example/reviews:v2', 'reviews-v2'],
    ['registry.example:5000/team/reviews:1.20.2', 'reviews-1-20-2'],
    ['reviews:V2_RC.1', 'reviews-v2-rc-1'],
    [`registry.example/reviews:v2@sha256:${'0'.repeat(64)}`, 'reviews-v2'],
  ])('names the version after the tag: %s', async (given, name) => {
    const workspace = await ground(blueGreen);
    await workspace.ran('candidate', 'reviews', '--image', given);
    const [, added] = parse(workspace.read(file)).application.versions;
    expect(added).toMatchObject({ image: given, metadata: { name } });
  });

  it('takes the name that is given', async () => {
    const workspace = await ground(blueGreen);
    const digest = `registry.example/reviews@sha256:${'0'.repeat(64)}`;
    await workspace.ran('candidate', 'reviews', '--image', digest, '--version', 'reviews-next');
    const [, added] = parse(workspace.read(file)).application.versions;
    expect(added).toMatchObject({ image: digest, metadata: { name: 'reviews-next' } });
  });

  it('finds a release by its path or by its last folder', async () => {
    const named = blueGreen.replaceAll('reviews-', 'ratings-');
    for (const name of ['team/ratings', 'ratings']) {
      const workspace = await ScratchWorkspace.rendered({
        'releases/reviews/values.yaml': blueGreen,
        'releases/team/ratings/values.yaml': named,
      });
      await workspace.ran('candidate', name, '--image', image);
      expect(workspace.read('releases/team/ratings/values.yaml')).toContain('name: ratings-v2');
      expect(workspace.read(file)).toBe(blueGreen);
    }
  });

  const digest = `sha256:${'0'.repeat(64)}`;
  it.each<[string, string[], RegExp]>([
    [
      'an image without a tag',
      ['--image', 'registry.example:5000/reviews'],
      /Cannot name the version after the tag of .*: it has none\n {2}hint: Add --version NAME, such as --version reviews-v2\.\n/,
    ],
    [
      'an image with a digest only',
      ['--image', `registry.example/reviews@${digest}`],
      /Cannot name the version after the tag of .*: it has none\n {2}hint: Add --version NAME/,
    ],
    [
      'a name that is taken',
      ['--image', image, '--version', 'reviews-v1'],
      /Cannot add reviews-v1 to releases\/reviews\/values\.yaml as a version: application\.versions\[1\]\.metadata\.name: is "reviews-v1" again, the name of versions\[0\]\n {2}hint: Give every version a name of its own\. Choose another name: --version NAME\.\n/,
    ],
    ['a tag that another version has', ['--image', 'registry.example/other:v1'], /Cannot add reviews-v1 to .*again/],
    ['a name that is no DNS label', ['--image', image, '--version', 'V2'], /Cannot add V2 to .*"V2" is no DNS label/],
    [
      'the name of the release',
      ['--image', image, '--version', 'reviews'],
      /Cannot add reviews to .*the name of the release/,
    ],
    ['no image at all', ['--image', ''], /Cannot add a version without an image[\s\S]*hint: /],
  ])('refuses %s, and changes nothing', async (_, argv, says) => {
    const workspace = await ground(blueGreen);
    const before = workspace.fingerprint();
    const { code, stdout, stderr } = await workspace.run('candidate', 'reviews', ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(workspace.fingerprint()).toEqual(before);
  });
});

function ground(values: string): Promise<ScratchWorkspace> {
  return ScratchWorkspace.rendered({ [file]: values });
}
