import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { chartSchema } from '../../src/synth/chart/chart-schema.js';
import { scratchFolder, sluice } from '../cli/workspace.js';
import { blocks, page } from '../docs/pages.js';
import { requireTools, tools } from './tools.js';

const run = promisify(execFile);
const cwd = scratchFolder();
const helms = { 'Helm 3': tools.helm, 'Helm 4': tools.helm4 } as const;

/** Makes the chart of a values text and returns its folder. */
async function chartOf(text: string, name: string): Promise<string> {
  writeFileSync(join(cwd, `${name}.yaml`), text);
  const { code, stderr } = await sluice(['chart', '-f', `${name}.yaml`, '--name', 'reviews', '-o', name], { cwd });
  expect(code, stderr).toBe(0);
  return join(cwd, name);
}

/** Returns what Helm says: stdout, or its complaint. */
async function helm(args: readonly string[], program: string = tools.helm): Promise<string> {
  try {
    return (await run(program, [...args], { cwd, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stderr, stdout } = error as { readonly stderr: string; readonly stdout: string };
    return `refused: ${stderr}${stdout}`;
  }
}

const starters = readdirSync('templates/values').filter((file) => file.startsWith('istio-'));
const starter = (name: string) => readFileSync(`templates/values/${name}.yaml`, 'utf8');

let chart: string;

beforeAll(async () => {
  requireTools(['helm', 'helm4']);
  chart = await chartOf(starter('istio-blue-green'), 'blue-green');
});

describe('the chart of a starter', () => {
  test.each(starters)('helm lint --strict finds nothing in that of %s', async (file) => {
    const folder = await chartOf(starter(file.replace('.yaml', '')), `lint-${file.replace('.yaml', '')}`);
    for (const program of Object.values(helms)) {
      expect(await helm(['lint', '--strict', folder], program)).toContain('1 chart(s) linted, 0 chart(s) failed');
    }
  });

  test('holds its whole text: nothing of the evaluator is packed', async () => {
    writeFileSync(join(chart, 'status.yaml'), 'state: fine\n');
    const { stdout } = await run(tools.helm, ['package', chart, '--destination', cwd]);
    const archive = stdout.trim().split(' ').at(-1) ?? '';
    const listed = (await run('tar', ['-tzf', archive])).stdout;
    expect(listed).toContain('reviews/values.schema.json');
    expect(listed).not.toMatch(/status\.yaml|sluice-inventory/);
  });

  test('--set beside -f changes the weight alone', async () => {
    const args = ['template', 'reviews', chart, '-f', join(chart, 'values.yaml')];
    const text = await helm([...args, '--set', 'application.versions[1].weight=30']);
    expect(text.match(/weight: \d+/g)).toEqual(['weight: 77', 'weight: 23']);
  });
});

describe.each(Object.entries(helms))('bad values with %s', (_name, program) => {
  test.each<[string[], string]>([
    [['--set-string', 'application.versions[1].weight=30'], "versions/1/weight': got string, want"],
    [['--set', 'application.versions[1].weight=3.5'], "versions/1/weight': got "],
    [['--set-json', 'application.versions[1].weight=0.5'], "versions/1/weight': got number, want"],
    [['--set', 'application.versions[1].weight=-1'], "versions/1/weight': minimum: got -1, want 0"],
    [['--set', 'application.versions[1].image=null'], "versions/1/image': got null, want string"],
    [['--set', 'application.versions[3].image=a'], "versions/2': got null, want object"],
    [['--set', 'application.versions[2].weight=1'], "versions/2': missing property 'image'"],
    [['--set', 'application.wieght=1'], "'/application': additional properties 'wieght' not allowed"],
    [['--set', 'environment=itsio'], "'/environment': value must be one of 'istio', 'deployment-istio'"],
    [['--set', 'application.strategy=canary'], "'/application/strategy': value must be 'blue-green'"],
  ])('the schema refuses %j', async (args, message) => {
    const text = await helm(['template', 'reviews', chart, '-f', join(chart, 'values.yaml'), ...args], program);
    expect(text).toContain(message);
    expect(text.match(/^ *- at /gm)).toHaveLength(1);
  });

  test('the schema refuses the list that --set makes without -f', async () => {
    const text = await helm(['template', 'reviews', chart, '--set', 'application.versions[1].weight=30'], program);
    expect(text).toContain("at '/application/versions/0': got null, want object");
  });

  test('five versions are refused, with the command that makes a chart for them', async () => {
    const versions = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ metadata: { name }, image: 'registry.example/a:1' }));
    const text = await helm(
      ['template', 'reviews', chart, '--set-json', `application.versions=${JSON.stringify(versions)}`],
      program,
    );
    expect(text).toContain('maxItems: got 5, want 4');
    expect(text).toContain('sluice chart --versions N');
  });

  test.each<[string[], string]>([
    [
      ['application.primary=other'],
      'application.primary is "other", which no version is called: name one of reviews-v1',
    ],
    [['application.versions[0].weight=0'], 'application.versions have no weight above 0 among those that are routed'],
    [['application.versions[0].weight=1000,application.versions[1].weight=1'], 'the weight of reviews-v2 is 1 of 1001'],
    [['application.versions[1].metadata.name=reviews-v1'], 'versions[1].metadata.name is "reviews-v1" again'],
    [
      ['application.versions[0].routed=false'],
      'application.versions[0].routed is false, but this version is the primary',
    ],
  ])('the templates refuse %j', async ([change = ''], message) => {
    const args = ['template', 'reviews', chart, '-f', join(chart, 'values.yaml'), '--set', change];
    expect(await helm(args, program)).toContain(message);
  });

  test('the templates refuse a name that no Service can have', async () => {
    expect(await helm(['template', '1reviews', chart], program)).toContain('the release cannot be called "1reviews"');
  });
});

describe('the schema of all environments', () => {
  const universal = join(cwd, 'universal');
  const values = { environment: 'istio', application: { versions: [{ image: 'registry.example/app:v1' }] } };

  beforeAll(() => {
    mkdirSync(join(universal, 'templates'), { recursive: true });
    writeFileSync(join(universal, 'Chart.yaml'), 'apiVersion: v2\nname: universal\nversion: 0.0.0\n');
    writeFileSync(join(universal, 'values.yaml'), JSON.stringify(values));
    const schema = chartSchema({
      environments: Object.values<Environment>(environments),
      strategies: Object.values<Strategy>(strategies),
      maxVersions: 4,
    });
    writeFileSync(join(universal, 'values.schema.json'), JSON.stringify(schema));
  });

  test.each<[string, string | undefined]>([
    ['environment=istio', undefined],
    ['environment=kubernetes,application.hosts[0].name=a.example', "'/application/hosts': value must be 'absent with"],
    ['environment=kubernetes,application.strategy=canary', "'/application/strategy': value must be one of 'none'"],
    ['environment=kserve,application.modelFormat=sklearn', "'/application/versions/0': missing property 'storageUri'"],
  ])('Helm reads it: %s', async (change, message) => {
    const text = await helm(['template', 'reviews', universal, '--set', change]);
    if (message === undefined) expect(text).not.toContain('refused');
    else expect(text).toContain(message);
    expect(text.match(/^ *- at /gm) ?? []).toHaveLength(message === undefined ? 0 : 1);
  });
});

describe('what people write', () => {
  const expression = '{{ fail "this is data" }}';

  test('is never a template, wherever it stands', async () => {
    const text = starter('istio-blue-green')
      .replace('application:', `# ${expression}\napplication:\n  metadata: {annotations: {note: '${expression}'}}`)
      .replace('primary:', `match: [{headers: {x: {exact: '${expression}'}}}]\n  primary:`);
    const folder = await chartOf(text, 'data');
    const objects = parseAllDocuments(await helm(['template', 'reviews', folder])).map((each) => each.toJS());
    const route = objects.find((each) => each?.kind === 'VirtualService');
    expect(route.spec.http[0].match[0].headers.x.exact).toBe(expression);
    expect(JSON.stringify(objects)).toContain(JSON.stringify(expression).slice(1, -1));
    expect(await notesOf(folder)).toContain(`header x equal to ${JSON.stringify(expression)}`);
    expect(await helm(['lint', '--strict', folder])).toContain('0 chart(s) failed');
  });
});

/** Helm prints the notes only beside a cluster; so a template prints them. */
async function notesOf(folder: string): Promise<string> {
  const copy = `${folder}-notes`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  cpSync(join(folder, 'templates/NOTES.txt'), join(copy, 'notes.txt'));
  writeFileSync(join(copy, 'templates/shown.yaml'), 'notes: {{ tpl (.Files.Get "notes.txt") . | toJson }}\n');
  const text = await helm(['template', 'reviews', copy, '-n', 'shop', '-s', 'templates/shown.yaml']);
  return parse(text).notes as string;
}

describe('docs/helm.md', () => {
  test('shows commands that work in the order of the page', async () => {
    const workspace = scratchFolder();
    mkdirSync(join(workspace, 'releases/reviews'), { recursive: true });
    writeFileSync(join(workspace, 'releases/reviews/values.yaml'), starter('istio-blue-green'));
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

  test.each([
    ['Helm 3 with -f', tools.helm, true, undefined],
    ['Helm 3 without -f', tools.helm, false, undefined],
    ['Helm 4 with -f', tools.helm4, true, undefined],
    ['Helm 4 without -f', tools.helm4, false, 'reviews-v1'],
  ])('says what %s makes of null in a map', async (_name, program, given, kept) => {
    const label = 'app.kubernetes.io/instance';
    const text = starter('istio-none').replace('template:', `template:\n        metadata: {labels: {${label}: null}}`);
    const folder = await chartOf(text, 'null');
    const args = ['template', 'reviews', folder, ...(given ? ['-f', join(folder, 'values.yaml')] : [])];
    const objects = parseAllDocuments(await helm(args, program)).map((each) => each.toJS());
    const { spec } = objects.find((each) => each?.kind === 'Deployment');
    expect(spec.template.metadata.labels[label]).toBe(kept);
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
});

describe('the test of the route', () => {
  test.each([
    ['200 reviews-v1', 0],
    ['404 reviews-v1', 0],
    ['200 reviews-v9', 1],
    ['200 ', 1],
    ['000 ', 1],
  ])('for the answer %j ends with %i', async (answer, code) => {
    expect(await asked(chart, answer)).toBe(code);
  });

  test.each([
    ['404 ', 0],
    ['503 ', 1],
    ['000 ', 1],
  ])('where versions are not named, for the answer %j ends with %i', async (answer, code) => {
    const text = starter('istio-blue-green').replace('  port: 9080', '  versionHeader: false\n  port: 9080');
    expect(await asked(await chartOf(text, 'nameless'), answer)).toBe(code);
  });
});

/** Runs the script of the hook beside programs that answer for the network, and returns its exit code. */
async function asked(folder: string, answer: string): Promise<number> {
  const pod = parse(await helm(['template', 'reviews', folder, '-s', 'templates/tests/route.yaml']));
  expect(pod.metadata.annotations['helm.sh/hook']).toBe('test');
  const { command, env } = pod.spec.containers[0];
  const bin = join(cwd, 'bin');
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
