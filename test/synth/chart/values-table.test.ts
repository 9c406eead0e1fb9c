import { describe, expect, it } from 'vitest';
import { environments } from '../../../src/environments/registry.js';
import { strategies } from '../../../src/strategies/registry.js';
import { keysSchema } from '../../../src/synth/chart/chart-schema.js';
import { valuesTable } from '../../../src/synth/chart/values-table.js';

const all = { environments: Object.values(environments), strategies: Object.values(strategies), maxVersions: 4 };
const rows = valuesTable(keysSchema(all)).split('\n').slice(2);

describe('valuesTable()', () => {
  it('says something of every key', () => {
    expect(rows.length).toBeGreaterThan(90);
    expect(rows.filter((row) => row.endsWith('| |'))).toEqual([]);
  });

  it('has every default in its column alone', () => {
    expect(rows.filter((row) => /\bdefaults?:? /.test(row))).toEqual([]);
    expect(rows).toContain(
      '| `application.strategy` | `none`, `blue-green`, `canary`, `mirrored`, `mirror` | none | how requests are divided among the versions |',
    );
  });

  it('leaves out what is hidden, with all below it', () => {
    const table = valuesTable(keysSchema(all), ['service', 'application.versions[].match']);
    expect(table).not.toMatch(/`service|versions\[\]\.match`/);
    expect(table).toContain('`application.versions[].matches`');
  });

  it.each(['iter8Version', 'application.modelFormat', 'application.versions[].image', 'application.versions[].match'])(
    'says of %s where it has an effect',
    (key) => {
      const row = rows.find((each) => each.startsWith(`| \`${key}\` `)) ?? '';
      expect(row).toMatch(/no effect|\| (canary|kserve and modelmesh): /);
    },
  );
});
