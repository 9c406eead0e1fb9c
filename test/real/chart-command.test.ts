import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { chartSchema } from '../../src/synth/chart/chart-schema.js';
import { blocks } from '../docs/pages.js';
import { chartOf, chartsFolder, helm, helms, notesOf, starter } from './made-chart.js';
import { requireTools, tools } from './tools.js';

const run = promisify(execFile);
const starters = readdirSync('templates/values').filter((file) => file.startsWith('istio-'));

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

  test.each(readdirSync('templates/values').filter((file) => !file.startsWith('kserve-')))(
    'has an example of --set in its README that runs: %s',
    async (file) => {
      const name = file.replace('.yaml', '');
      const folder = await chartOf(starter(name), `set-${name}`);
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      const [, setting = ''] = /--set '(.*)'/.exec(readme) ?? [];
      expect(setting).toMatch(/^application\.versions\[\d\]\./);
      const args = ['template', 'reviews', folder, '-f', join(folder, 'values.yaml')];
      const before = await helm(args);
      const after = await helm([...args, '--set', setting]);
      expect(after).not.toContain('refused: ');
      expect(after).not.toBe(before);
    },
  );

  test('has an example of --set that runs where there is one version, as after sluice init', async () => {
    const text = readFileSync('templates/gitops/releases/reviews/values.yaml', 'utf8');
    const folder = await chartOf(text, 'one');
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    expect(readme).toContain("--set 'application.versions[0].weight=30'");
    const args = ['template', 'reviews', folder, '-f', join(folder, 'values.yaml')];
    expect(await helm([...args, '--set', 'application.versions[0].weight=30'])).not.toContain('refused: ');
  });

  test('holds its whole text: nothing of the evaluator is packed', async () => {
    writeFileSync(join(chart, 'status.yaml'), 'state: fine\n');
    const { stdout } = await run(tools.helm, ['package', chart, '--destination', chartsFolder()]);
    const archive = stdout.trim().split(' ').at(-1) ?? '';
    const listed = (await run('tar', ['-tzf', archive])).stdout;
    expect(listed).toContain('reviews/values.schema.json');
    expect(listed).not.toMatch(/status\.yaml|sluice-inventory/);
  });

  test('--set beside -f changes the weight alone', async () => {
    const args = ['template', 'reviews', chart, '-f', join(chart, 'values.yaml')];
    const text = await helm([...args, '--set', 'application.versions[1].weight=30']);
    expect(text.match(/weight: \d+/g)).toEqual(['weight: 77', 'weight: 23']);
    expect(await helm([...args, '--set-string', 'application.versions[1].weight=30'])).toBe(text);
  });
});

describe.each(Object.entries(helms))('bad values with %s', (_name, program) => {
  test.each<[string[], string]>([
    [['--set-string', 'application.versions[1].weight=030'], "versions/1/weight': '030' does not match pattern"],
    [['--set', 'application.versions[1].weight=3.5'], "versions/1/weight': '3.5' does not match pattern"],
    [['--set-json', 'application.versions[1].weight=0.5'], "versions/1/weight': got number, want"],
    [['--set', 'application.versions[1].weight=-1'], "versions/1/weight': minimum: got -1, want 0"],
    [['--set', 'application.versions[1].image=null'], "versions/1/image': got null, want string"],
    [
      ['--set', 'application.versions[3].image=a'],
      "versions': value must be 'a list without gaps: --set of a position",
    ],
    [['--set', 'application.versions[1].weight=null'], "versions/1/weight': value must be 'a number such as 0, for no"],
    [['--set', 'application.versions[1].routed=null'], "versions/1/routed': value must be 'true or false; without"],
    [
      ['--set', 'application.disruptionBudget.minAvailable=1,application.disruptionBudget.maxUnavailable=1'],
      "disruptionBudget': value must be 'one of minAvailable and maxUnavailable",
    ],
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
    expect(text).toContain("at '/application/versions': value must be 'a list without gaps: --set of a position needs");
    expect(text.match(/^ *- at /gm)).toHaveLength(1);
  });

  test('five versions are refused, with the command that makes a chart for them', async () => {
    const versions = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ metadata: { name }, image: 'registry.example/a:1' }));
    const text = await helm(
      ['template', 'reviews', chart, '--set-json', `application.versions=${JSON.stringify(versions)}`],
      program,
    );
    expect(text).toContain(
      "at '/application/versions': value must be 'at most 4 versions, or a chart made for more by",
    );
    expect(text.match(/^ *- at /gm)).toHaveLength(1);
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
  const universal = join(chartsFolder(), 'universal');
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

describe('charts/release', () => {
  const universal = resolve('charts/release');

  test.each(Object.entries(helms))('%s finds nothing in it with --strict', async (_name, program) => {
    expect(await helm(['lint', '--strict', universal], program)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  test.each(Object.entries(helms))('%s installs nothing of it without values, and says so', async (_name, program) => {
    expect(
      parseAllDocuments(await helm(['template', 'reviews', universal], program)).filter((each) => each.contents),
    ).toEqual([]);
    expect(await notesOf(universal)).toContain('Nothing is installed yet: this chart has no values of its own');
  });

  test.each(Object.entries(helms))('%s refuses versions without an environment in one line', async (_name, program) => {
    const versions = JSON.stringify([{ image: 'registry.example/app:v1' }]);
    const text = await helm(
      ['template', 'reviews', universal, '--set-json', `application.versions=${versions}`],
      program,
    );
    expect(text).toContain("- at '': missing property 'environment'");
    expect(text.match(/^ *- at /gm)).toHaveLength(1);
  });

  test.each(readdirSync('templates/values'))('helm lint --strict finds nothing in it with %s', async (file) => {
    const args = ['lint', '--strict', universal, '-f', resolve('templates/values', file)];
    expect(await helm(args)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  test.each(Object.entries(helms))(
    '%s takes the commands of its README with the values there',
    async (_name, program) => {
      const readme = { path: '', text: readFileSync(join(universal, 'README.md'), 'utf8') };
      const [given] = blocks(readme, 'yaml');
      writeFileSync(join(chartsFolder(), 'shown.yaml'), given?.text ?? '');
      const commands = blocks(readme, 'sh').flatMap(({ text }) => text.trimEnd().split('\n'));
      const upgrades = commands.filter((each) => each.startsWith('helm upgrade'));
      expect(upgrades).toHaveLength(2);
      const weights = upgrades.map(async (command) => {
        const words = command.replace('helm upgrade --install', 'template').replaceAll("'", '').split(' ');
        const given = words.map((word) => ({ DIR: universal, 'values.yaml': 'shown.yaml' })[word] ?? word);
        return (await helm(given, program)).match(/weight: \d+/g);
      });
      expect(await Promise.all(weights)).toEqual([['weight: 100'], ['weight: 77', 'weight: 23']]);
    },
  );

  test.each([
    ['istio-blue-green', true],
    ['kubernetes-none', true],
    ['gateway-api-canary', true],
    ['kserve-none', true],
    ['emissary-none', false],
    ['modelmesh-none', false],
  ])('for %s brings a test of the route: %s', async (name, asks) => {
    writeFileSync(join(chartsFolder(), 'given.yaml'), starter(name));
    const text = await helm(['template', 'reviews', universal, '-f', 'given.yaml']);
    expect(text).not.toContain('refused: ');
    expect(text.includes('helm.sh/hook: test')).toBe(asks);
    expect((await notesOf(universal, ['-f', 'given.yaml'])).includes('helm test reviews')).toBe(asks);
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
