import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { environments } from '../../src/environments/registry.js';
import { strategies } from '../../src/strategies/registry.js';
import { valuesJsonSchema } from '../../src/values/json-schema.js';
import { loadValues } from '../../src/values/load.js';
import { defaultRegistry, environmentNamed, strategyNamed, supports } from '../../src/values/lookup.js';
import { loadProject } from '../../src/values/project.js';
import { anchors, type Block, blocks, inlineCode, links, page, pages, root, targetOf } from './pages.js';

const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly scripts: { readonly [name: string]: string };
};

const yaml = pages().flatMap((each) => blocks(each, 'yaml'));
const named = (block: Block) => [`${block.page}:${block.line}`, block.text] as const;

describe('values in the pages', () => {
  const values = yaml.filter(({ text }) => /^environment:/m.test(text) && text.includes('versions:'));

  test('are found', () => {
    expect(values.length).toBeGreaterThan(3);
  });

  test.each(values.map(named))('loadValues() takes %s', (where, text) => {
    expect(loadValues(text, { file: where, name: 'reviews', namespace: 'default' }).release.model.name).toBe('reviews');
  });

  test.each(yaml.filter(({ text }) => text.startsWith('# sluice.yaml\n')).map(named))(
    'loadProject() takes %s',
    (where, text) => {
      expect(loadProject(text, where).metrics).toBeDefined();
    },
  );
});

describe.each(pages().map((each) => [each.path, each] as const))('%s', (_path, each) => {
  test('links to files and headings that exist', () => {
    const relative = links(each).filter((link) => !/^[a-z]+:/.test(link));
    const broken = relative.filter((link) => {
      const target = targetOf(each, link);
      if (!existsSync(join(root, target))) return true;
      const anchor = link.split('#')[1];
      return anchor !== undefined && !anchors(page(target)).includes(anchor);
    });

    expect(broken).toEqual([]);
  });

  test('names commands and options that exist', () => {
    expect(sluiceCalls(each.text).flatMap(faultsOf)).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const scripts = [...each.text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);

    expect(scripts.filter((name) => packageJson.scripts[name] === undefined)).toEqual([]);
  });
});

/** Returns the calls of sluice in code: the words behind `sluice`, up to the end of the command. */
function sluiceCalls(text: string): string[][] {
  const inline = inlineCode(text).filter((code) => code.startsWith('sluice '));
  const fenced = blocks({ path: '', text })
    .filter(({ language }) => ['sh', 'console'].includes(language))
    .flatMap(
      ({ language, text: code }) => code.match(language === 'sh' ? /^sluice .*$/gm : /(?<=^\$ )sluice .*$/gm) ?? [],
    );
  return [...inline, ...fenced].map((call) =>
    call
      .replace(/[|>#&].*$/, '')
      .trim()
      .split(/\s+/)
      .slice(1),
  );
}

function faultsOf([name = '', ...words]: readonly string[]): string[] {
  if (name.startsWith('--')) return name === '--version' || name === '--help' ? [] : [name];
  const command = commands[name];
  if (command === undefined) return [name];
  const shorts = Object.values(command.options).map(({ short }) => `-${short}`);
  const known = [...Object.keys(command.options).map((option) => `--${option}`), ...shorts];
  return words.filter((word) => /^-./.test(word) && !known.includes(word)).map((word) => `${name} ${word}`);
}

describe('README.md', () => {
  const { text } = page('README.md');
  const rows = [...text.matchAll(/^\| ([a-z0-9.-]+) \| (.*) \|$/gm)].map(([, name, cells]) => [name, cells] as const);
  const table = new Map(rows.map(([name = '', cells = '']) => [name, cells.split(' | ')]));
  const columns = table.get('environment') ?? [];

  test('has a row and a column for everything in the registries', () => {
    expect(columns).toEqual(Object.keys(strategies));
    expect([...table.keys()].slice(1)).toEqual(Object.keys(environments));
  });

  test.each(
    Object.keys(environments).flatMap((environment) => columns.map((strategy) => [environment, strategy] as const)),
  )('says whether %s can do %s, and has a starter if so', (environment, strategy) => {
    const can = supports(environmentNamed(environment, defaultRegistry), strategyNamed(strategy, defaultRegistry));

    expect(table.get(environment)?.[columns.indexOf(strategy)]).toBe(can ? '✓' : '–');
    expect(existsSync(join(root, `templates/values/${environment}-${strategy}.yaml`))).toBe(can);
  });

  test('names the version that is packed', () => {
    expect(text).toContain(`sluice-${packageJson.version}.tgz`);
  });

  test('gives the line of tests that .ci/run calls', () => {
    const line = 'npm ci && npm test';

    expect(text).toContain(line);
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain(line);
  });
});

test('docs/values.md names every key of the schema', () => {
  const code = [...page('docs/values.md').text.matchAll(/`([^`\n]+)`/g)].flatMap(([, words = '']) =>
    words.split(/\W+/),
  );
  const known = new Set(code);

  expect(keysOf(valuesJsonSchema()).filter((key) => !known.has(key))).toEqual([]);
});

/** Kubernetes documents what is below. */
const parts = new Set(['spec', 'metrics', 'behavior']);

function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.entries(schema).flatMap(([key, part]) => (parts.has(key) ? [] : keysOf(part)))];
}

test('docs/errors.md names every code that the sources use, and no other', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const code = /'((?:cli|environments|evaluate|git|judges|notify|source|synth|values)\/[a-z-]+)'/g;
  const used = files.flatMap((path) => [...readFileSync(join(root, 'src', path), 'utf8').matchAll(code)]);
  const listed = page('docs/errors.md').text.matchAll(/`([a-z]+\/[a-z-]+)`/g);
  const sorted = (matches: Iterable<RegExpMatchArray>) => [...new Set([...matches].map(([, id]) => id))].sort();

  expect(sorted(listed)).toEqual(sorted(used));
});
