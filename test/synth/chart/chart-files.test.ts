import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { chartParts, packageFacts } from '../../../src/cli/chart-source.js';
import { environments } from '../../../src/environments/registry.js';
import { strategies } from '../../../src/strategies/registry.js';
import { type ChartSource, chartFiles, generatedBy } from '../../../src/synth/chart/chart-files.js';

const values = readFileSync('templates/values/istio-blue-green.yaml', 'utf8');
const source = {
  name: 'reviews',
  values,
  environments: [environments.istio],
  strategies: [strategies['blue-green']],
  maxVersions: 4,
  parts: chartParts(),
  facts: packageFacts(),
  usage: { by: 'person', setting: { position: 1, key: 'weight', value: '30' } },
} satisfies ChartSource;
const files = chartFiles(source);
const textOf = (path: string) => files.get(path) ?? '';

describe('chartFiles()', () => {
  it('gives everything that a chart has, and of the rules only those of its strategies', () => {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        'Chart.yaml',
        'values.yaml',
        'values.schema.json',
        '.helmignore',
        'README.md',
        'templates/NOTES.txt',
        'templates/values/checks.yaml',
        'templates/tests/route.yaml',
        'templates/_names.tpl',
        'templates/_release.tpl',
        'templates/_rules-blue-green.tpl',
        'templates/deployment.yaml',
        'templates/service.yaml',
        'templates/virtualservice.yaml',
      ]),
    );
    expect([...files.keys()].filter((path) => path.includes('_rules'))).toHaveLength(1);
    expect(textOf('templates/_names.tpl')).not.toContain('kserve');
  });

  it('has the helpers that its environment reads, and no others', () => {
    const helpersOf = (environment: ChartSource['environments'][number]) =>
      [...chartFiles({ ...source, environments: [environment] }).keys()].filter((path) =>
        /_(inference|mappings|sessions)\.tpl$/.test(path),
      );
    expect(helpersOf(environments.istio)).toEqual(['templates/_sessions.tpl']);
    expect(helpersOf(environments.emissary)).toEqual(['templates/_mappings.tpl']);
    expect(helpersOf(environments.kserve)).toEqual(['templates/_inference.tpl']);
    expect(helpersOf(environments.kubernetes)).toEqual([]);
  });

  it('keeps the values byte for byte, and says of every other file that it is generated', () => {
    expect(textOf('values.yaml')).toBe(values);
    for (const [path, text] of files) {
      if (path !== 'values.yaml') expect(text.split('\n').slice(0, 2).join('\n'), path).toContain(generatedBy);
    }
  });

  it('is the same every time', () => {
    expect([...chartFiles(source)]).toEqual([...files]);
  });

  it('describes the chart in Chart.yaml', () => {
    const chart = parse(textOf('Chart.yaml'));
    expect(chart).toMatchObject({ apiVersion: 'v2', name: 'reviews', type: 'application' });
    expect(chart.version).toBe(source.facts.version);
    expect(chart.appVersion).toBe(source.facts.version);
    expect(chart.annotations['artifacthub.io/license']).toBe('Apache-2.0');
    expect(parse(chart.annotations['artifacthub.io/changes'])).toHaveLength(1);
    expect(chart.keywords).toEqual(['sluice', 'istio', 'blue-green']);
    expect(chart).not.toHaveProperty('maintainers');
  });

  it('names home, sources and maintainers where package.json has them', () => {
    const facts = {
      ...source.facts,
      homepage: 'https://a.example',
      repository: { url: 'git+https://b.example/c.git' },
      maintainers: [{ name: 'Ada', email: 'ada@a.example' }],
    };
    const chart = parse(chartFiles({ ...source, facts }).get('Chart.yaml') ?? '');
    expect(chart).toMatchObject({ home: 'https://a.example', sources: ['https://b.example/c.git'] });
    expect(chart.maintainers).toEqual([{ name: 'Ada', email: 'ada@a.example' }]);
    expect(parse(chart.annotations['artifacthub.io/links'])).toEqual([{ name: 'sluice', url: 'https://a.example' }]);
  });

  it('keeps what the evaluator writes out of the chart', () => {
    const lines = textOf('.helmignore').split('\n');
    expect(lines).toEqual(expect.arrayContaining(['status.yaml', 'ledger.jsonl', '.sluice-*']));
  });

  it('lists every key in README.md, and what --set needs', () => {
    const readme = textOf('README.md');
    expect(readme).toContain('| `environment` | `istio`, `deployment-istio` | required | what serves');
    expect(readme).toContain('| `application.versionHeader` | boolean | true | whether responses carry app-version');
    expect(readme).toContain("-f values.yaml --set 'application.versions[1].weight=30'");
    expect(readme).toContain('| `application.port` | integer or string | 80 | of the containers');
    expect(readme).toContain('| `application.sessionAffinity.maxAge` | string | 1h | how long a session lasts |');
    expect(readme).toContain('| `application.versions[].routed` | boolean | true | false takes');
    expect(readme).toMatch(/`application.versions\[\].weight` \| integer or string \| 50 \|/);
    expect(readme).not.toContain('application.replicas');
    expect(readme).toMatch(/accepted without effect, [^|]*`service`, [^|]*`application.versions\[\].storageUri`/);
    expect(readme).not.toMatch(/^\| `(service|iter8Version|.*(storageUri|modelFormat|\[\]\.match))` /m);
    expect(readme).not.toMatch(/^\| `(analysis|rollout)\./m);
    const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.every((row) => row.replaceAll('\\|', '').split('|').length === 6)).toBe(true);
  });

  it('shows --set of what it is told, and none where nothing is known', () => {
    const readmeOf = (usage: ChartSource['usage']) => chartFiles({ ...source, usage }).get('README.md') ?? '';
    const second = readmeOf({ by: 'person', setting: { position: 1, key: 'routed', value: 'true' } });
    expect(second).toContain("--set 'application.versions[1].routed=true'");
    expect(second).toContain('`[null, {routed: true}]`,\nand the schema refuses the gap.');
    const first = readmeOf({ by: 'person', setting: { position: 0, key: 'image', value: 'a:2' } });
    expect(first).toContain('`[{image: a:2}]`,\nin which all else of the version is missing.');
    expect(readmeOf({ by: 'person' })).not.toContain('--set ');
  });

  it('tells nobody to install by hand what Argo CD or Flux installs', () => {
    const chart = chartFiles({ ...source, usage: { by: 'git' } });
    expect(chart.get('README.md')).toContain('Argo CD or Flux installs what stands there');
    expect(chart.get('README.md')).not.toContain('helm upgrade');
    expect(chart.get('templates/_names.tpl')).toContain('"fromGit": true');
  });

  it('has no test of the route where no name inside the mesh leads to it', () => {
    const chart = chartFiles({ ...source, environments: [environments.emissary], strategies: [strategies.none] });
    expect(chart.has('templates/tests/route.yaml')).toBe(false);
    expect(chart.get('README.md')).not.toContain('helm test');
  });

  it('has the test where one of several environments can be asked, and says which cannot', () => {
    const both = [environments.emissary, environments.kubernetes];
    const chart = chartFiles({ ...source, environments: both, strategies: [strategies.none] });
    expect(chart.get('templates/tests/route.yaml')).toContain('if $release.tested');
    expect(chart.get('templates/_names.tpl')).toMatch(/"untested": \[\s+"emissary"\s+\]/);
    expect(chart.get('README.md')).toContain('There is no such test with emissary.');
  });
});
