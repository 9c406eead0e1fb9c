import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ScratchWorkspace, scratchFolder, sluice } from '../cli/workspace.js';
import { blocks, page } from '../docs/pages.js';
import { chartOf, chartsFolder, helm, helms, notesOf, starter } from './made-chart.js';
import { requireTools, tools } from './tools.js';

const run = promisify(execFile);

let chart: string;

beforeAll(async () => {
  requireTools(['helm', 'helm4']);
  chart = await chartOf(starter('istio-blue-green'), 'blue-green');
});

describe('docs/helm.md', () => {
  test('shows commands that work in the order of the page', async () => {
    const workspace = scratchFolder();
    mkdirSync(join(workspace, 'releases/reviews'), { recursive: true });
    const [shown] = blocks(page('docs/helm.md'), 'yaml');
    writeFileSync(join(workspace, 'releases/reviews/values.yaml'), shown?.text ?? '');
    const commands = blocks(page('docs/helm.md'), 'sh').flatMap(({ text }) => text.trimEnd().split('\n'));
    const printed: string[] = [];
    for (const command of commands) {
      const [program = '', ...words] = command.split(' ').map((word) => word.replaceAll("'", ''));
      if (program === 'sluice') {
        const { code, stderr } = await sluice(words, { cwd: workspace });
        expect(code, stderr).toBe(0);
      } else {
        expect(program).toBe('helm');
        printed.push((await run(tools.helm, words, { cwd: workspace })).stdout);
      }
    }
    const [linted = '', template = '', tried = ''] = printed;
    expect(linted).toContain('0 chart(s) failed');
    expect(template).toContain('namespace: "shop"');
    expect(tried).toContain('weight: 23');
  });

  const label = 'app.kubernetes.io/instance';

  /** What is said of the label in the pods of the release, whichever way Helm is given it. */
  async function labelOf(args: readonly string[], program: string): Promise<unknown> {
    const text = await helm(['template', 'reviews', ...args], program);
    const objects = parseAllDocuments(text).map((each) => each.toJS());
    const { spec } = objects.find((each) => each?.kind === 'Deployment');
    return spec.template.metadata.labels[label] ?? null;
  }

  /** The starter with that label in what is merged over every Deployment. */
  const shared = (value: string) =>
    starter('istio-none').replace('template:', `template:\n        metadata: {labels: {${label}: ${value}}}`);

  test.each([
    ['Helm 3 with -f', tools.helm, true, null],
    ['Helm 3 without -f', tools.helm, false, null],
    ['Helm 4 with -f', tools.helm4, true, null],
    ['Helm 4 without -f', tools.helm4, false, 'reviews-v1'],
  ])('says what %s makes of null in a map', async (_name, program, given, kept) => {
    const folder = await chartOf(shared('null'), 'null');
    expect(await labelOf([folder, ...(given ? ['-f', join(folder, 'values.yaml')] : [])], program)).toBe(kept);
  });

  test.each([
    ['Helm 3 with -f', tools.helm, true],
    ['Helm 3 without -f', tools.helm, false],
    ['Helm 4 with -f', tools.helm4, true],
    ['Helm 4 without -f', tools.helm4, false],
  ])('says that %s keeps null inside lists', async (_name, program, given) => {
    const own = `- deployment: {spec: {template: {metadata: {labels: {${label}: null}}}}}\n    `;
    const text = starter('istio-none').replace(/(?<=versions:\n +)- /, own);
    expect(text).toContain(own);
    const folder = await chartOf(text, 'null-in-list');
    expect(await labelOf([folder, ...(given ? ['-f', join(folder, 'values.yaml')] : [])], program)).toBe(null);
  });

  test.each(Object.entries(helms))('says that %s takes out null over another value', async (_name, program) => {
    const own = await chartOf(shared('own'), 'null-over');
    const none = await chartOf(starter('istio-none'), 'null-over-none');
    writeFileSync(join(chartsFolder(), 'null-given.yaml'), shared('null'));
    expect(await labelOf([own, '-f', 'null-given.yaml'], program)).toBe('reviews-v1');
    expect(await labelOf([none, '-f', 'null-given.yaml'], program)).toBe(null);
  });
});

describe('NOTES.txt', () => {
  test('says who gets what, and what comes next', async () => {
    const notes = await notesOf(
      await chartOf(starter('istio-blue-green').replace('weight: 0', 'weight: 25'), 'shares'),
    );
    expect(notes).toContain('- every request:\n    80 % to reviews-v1\n    20 % to reviews-v2\n');
    expect(notes).toContain('helm upgrade reviews DIR -n shop -f values.yaml');
    expect(notes).toContain('helm test reviews -n shop');
  });

  test('names matches, copies and versions without requests', async () => {
    const canary = await notesOf(await chartOf(starter('istio-canary'), 'canary'));
    expect(canary).toContain(
      '- every request:\n    100 % to reviews-v1\n- nothing to reviews-v2, which is not routed\n',
    );
    const routed = starter('istio-canary').replace('routed: false', 'routed: true ');
    expect(await notesOf(await chartOf(routed, 'routed'))).toContain(
      '- requests with header x-tester equal to "yes":\n    100 % to reviews-v2\n- all others:\n    100 % to reviews-v1\n',
    );
    const mirrored = starter('istio-mirrored').replace('weight: 0', 'weight: 20');
    expect(await notesOf(await chartOf(mirrored, 'mirrored'))).toContain('20 % copied to reviews-v2');
  });

  const release = (top: string, more: string, versions: readonly string[]) =>
    `${top}\napplication:\n  ${more}\n  versions:\n${versions.map((each) => `  - ${each}\n`).join('')}`;
  const version = (name: string, more = '') => `{metadata: {name: ${name}}, image: "a:1"${more}}`;

  test('counts pods where pods are divided', async () => {
    const versions = [version('v1', ', weight: 60'), version('v2', ', weight: 40')];
    const notes = await notesOf(
      await chartOf(release('environment: kubernetes', 'strategy: blue-green\n  replicas: 3', versions), 'pods'),
    );
    expect(notes).toContain('- every request:\n    to 2 of 3 pods: v1\n    to 1 of 3 pods: v2\n');
    expect(notes).not.toContain('%');
  });

  test('names every condition of a match, and what the cookie of a session holds', async () => {
    const match =
      '[{headers: {a: {exact: b}}, withoutHeaders: {c: {}}, uri: {prefix: /D}, ignoreUriCase: true, sourceLabels: {e: f}, sourceNamespace: g, gateways: [mesh], port: 81, scheme: {exact: http}, authority: {exact: h}}]';
    const more = `strategy: blue-green\n  sessionAffinity: {type: Cookie}\n  match: ${match}`;
    const text = release('environment: istio', more, [version('v1'), version('v2')]);
    const notes = await notesOf(await chartOf(text, 'conditions'));
    expect(notes).toContain(
      '- requests with header a equal to "b" and the cookie sluice-version=v2 and no header c present and path starting with "/D" in any case and scheme equal to "http" and authority equal to "h" and port 81 and a client labelled e=f and a client in namespace g and entry through mesh:\n    100 % to v2\n',
    );
    expect(notes).toContain('whose answer keeps the session with its version for 3600 s:\n    50 % to v1\n');
  });

  test('names no command of Helm where Git holds the chart', async () => {
    const workspace = await ScratchWorkspace.rendered({
      'sluice.yaml': 'render: helm\n',
      'releases/reviews/values.yaml': starter('istio-blue-green'),
    });
    const notes = await notesOf(join(workspace.folder, 'releases/reviews'));
    expect(notes).toContain('commit it; Argo CD or Flux installs what Git says.\n');
    expect(notes).not.toMatch(/helm upgrade|--set/);
  });

  test('says where the release is reached', async () => {
    const more = 'hosts: [{name: shop.example.com, gateway: other}]';
    const text = release('environment: istio\ngateway: ingress/main', more, [version('v1')]);
    expect(await notesOf(await chartOf(text, 'reached'))).toContain(
      'Where it is reached:\n- http://reviews.shop inside the mesh\n- as shop.example.com through gateway ingress/main, other\n\n',
    );
  });

  test.each([
    ['one version', 'strategy: blue-green', [version('v1')], undefined],
    [
      'a primary that stands second',
      'strategy: mirrored\n  primary: v2',
      [version('v1'), version('v2')],
      '[0].weight=30',
    ],
    [
      'a weight that is 30 already',
      'strategy: mirrored',
      [version('v1'), version('v2', ', weight: 30')],
      '[1].weight=20',
    ],
    ['a candidate of canary', 'strategy: canary', [version('v1'), version('v2', ', routed: false')], '[1].routed=true'],
    [
      'a weight that rounds to 0 %',
      'strategy: blue-green',
      [version('v1', ', weight: 9000'), version('v2')],
      undefined,
    ],
  ])('tries what is not refused with %s', async (_name, more, versions, expected) => {
    const folder = await chartOf(release('environment: istio', more, versions), 'tried');
    const [, setting] = /--set '(.*)'/.exec(await notesOf(folder)) ?? [];
    expect(setting).toBe(expected && `application.versions${expected}`);
    if (setting === undefined) return;
    const text = await helm(['template', 'reviews', folder, '-f', join(folder, 'values.yaml'), '--set', setting]);
    expect(text).not.toContain('refused: ');
  });
});

describe('the test of the route', () => {
  test.each([
    ['200|reviews-v1|||', 0],
    ['404|reviews-v1|istio-envoy||', 0],
    ['200|reviews-v9|||', 1],
    ['200||||', 1],
    ['000||||', 1],
  ])('for the answer %j ends with %i', async (answer, code) => {
    expect(await asked(chart, answer)).toBe(code);
  });

  test.each([
    ['404||nginx||', 0],
    ['404||envoy|3|', 0],
    ['404||envoy||', 1],
    ['404||istio-envoy||', 1],
    ['404||||no route', 1],
    ['503||||', 1],
    ['000||||', 1],
  ])('where versions are not named, for the answer %j ends with %i', async (answer, code) => {
    const text = starter('istio-blue-green').replace('  port: 9080', '  versionHeader: false\n  port: 9080');
    expect(await asked(await chartOf(text, 'nameless'), answer)).toBe(code);
  });
});

describe('the pod of the test', () => {
  async function podOf(text: string, name: string) {
    const folder = await chartOf(text, name);
    return parse(await helm(['template', 'reviews', folder, '-n', 'shop', '-s', 'templates/tests/route.yaml']));
  }
  const deployed = `environment: istio
application:
  metadata: {namespace: prod}
  versions:
  - external: {deployment: d1, port: 9080}
`;

  test('asks the port of the Service that is there already, from the namespace where Helm looks for logs', async () => {
    const pod = await podOf(deployed, 'deployed');
    expect(pod.metadata.namespace).toBe('shop');
    expect(pod.spec.containers[0].env[0].value).toBe('http://reviews.prod:9080/');
    expect(await notesOf(join(chartsFolder(), 'deployed'))).toContain('- http://reviews.prod:9080 inside the mesh\n');
  });

  test('has a name and labels that Kubernetes takes with the longest name of a release', async () => {
    const folder = await chartOf(starter('istio-blue-green'), 'longest');
    const name = 'a'.repeat(53);
    const pod = parse(await helm(['template', name, folder, '-s', 'templates/tests/route.yaml']));
    expect(pod.metadata.name).toBe(`${name}-route-test`);
    // A pod may have 253 characters; its labels may not.
    expect(Object.values<string>(pod.metadata.labels).filter((label) => label.length > 63)).toEqual([]);
  });

  test('asks plain Kubernetes for any answer, whoever serves it', async () => {
    const pod = await podOf(starter('kubernetes-none'), 'plain');
    expect(pod.spec.containers[0].command[2]).not.toContain('envoy');
  });
});

describe('what values say of each other', () => {
  test.each(Object.entries(helms))('is refused by %s in a file called checks', async (_name, program) => {
    const folder = await chartOf(starter('istio-blue-green'), 'checked');
    const text = await helm(['template', 'reviews', folder, '--set', 'application.primary=nobody'], program);
    expect(text).toContain('templates/values/checks.yaml:');
    expect(text).toContain('application.primary is "nobody"');
  });
});

/** Runs the script of the hook beside programs that answer for the network, and returns its exit code. */
async function asked(folder: string, answer: string): Promise<number> {
  const pod = parse(await helm(['template', 'reviews', folder, '-s', 'templates/tests/route.yaml']));
  expect(pod.metadata.annotations['helm.sh/hook']).toBe('test');
  const { command, env } = pod.spec.containers[0];
  const bin = join(chartsFolder(), 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of [
    ['curl', `#!/bin/sh\nprintf '%s' '${answer}'\n`],
    ['sleep', '#!/bin/sh\n'],
  ] as const) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const given = Object.fromEntries((env as { name: string; value: string }[]).map(({ name, value }) => [name, value]));
  expect(given.URL).toBe('http://reviews.default:80/');
  try {
    execFileSync(command[0], command.slice(1), {
      env: { ...given, PATH: `${bin}:${process.env.PATH}` },
      stdio: 'pipe',
    });
    return 0;
  } catch (error) {
    return (error as { readonly status: number }).status;
  }
}
