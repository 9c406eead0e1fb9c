import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { planChart, type ReleaseChart } from '../../src/synth/rendered-chart.js';

const inventory = 'releases/shop/.sluice-inventory';
const values = { 'releases/shop/values.yaml': 'a person wrote this' };

describe('planChart', () => {
  it('writes the files of a chart and lists them, and leaves the values alone', () => {
    const files = carriedOut(chart(), values);
    expect(Object.keys(files).sort()).toEqual([
      inventory,
      'releases/shop/Chart.yaml',
      'releases/shop/templates/service.yaml',
      'releases/shop/values.yaml',
    ]);
    expect(files[inventory]).toMatch(
      /^# The files .*\n# one\n[0-9a-f]{64} {2}Chart\.yaml\n[0-9a-f]{64} {2}templates\//,
    );
  });

  it('generates nothing where the files are there, of the same stamp', () => {
    const files = carriedOut(chart(), values);
    const { generated, plan } = planned({}, files);
    expect({ plan, generated }).toEqual({ plan: [], generated: 0 });
  });

  it('names the inventory alone where another stamp gives the same files', () => {
    const files = carriedOut(chart(), values);
    expect(planned({ stamp: 'two' }, files).plan.map(({ path }) => path)).toEqual([inventory]);
  });

  it.each([
    ['changed', { 'releases/shop/Chart.yaml': 'changed' }],
    ['removed', { 'releases/shop/Chart.yaml': undefined }],
  ])('restores a file that a person %s', (_, change) => {
    const files = carriedOut(chart(), values);
    expect(planned({}, { ...files, ...change }).plan).toEqual([
      { path: 'releases/shop/Chart.yaml', content: 'name: shop' },
    ]);
  });

  it('makes a chart anew of which the inventory names nothing', () => {
    const files = carriedOut(chart(), values);
    const empty = `${files[inventory]?.split('\n').slice(0, 2).join('\n')}\n`;
    expect(carriedOut(chart(), { ...values, [inventory]: empty })).toEqual(files);
  });

  it('removes what another environment no longer has', () => {
    const files = carriedOut(chart(), values);
    const after = carriedOut(chart({ stamp: 'two', files: { 'Chart.yaml': 'name: shop' } }), files);
    expect(Object.keys(after).sort()).toEqual([inventory, 'releases/shop/Chart.yaml', 'releases/shop/values.yaml']);
  });

  it('removes the chart of a release that is gone, and nothing that it did not write', () => {
    const own = { 'releases/shop/templates/own.yaml': 'a person wrote this', 'releases/shop/status.yaml': 'phase: …' };
    expect(carriedOut(undefined, { ...carriedOut(chart(), {}), ...own })).toEqual(own);
  });

  it('leaves values alone that a chart was once written with', () => {
    const written = chart({ files: { 'Chart.yaml': 'name: shop', 'values.yaml': 'a person wrote this' } });
    expect(carriedOut(undefined, carriedOut(written, {}))).toEqual(values);
  });

  it('refuses to overwrite what it did not write, and takes over what is the same', () => {
    const foreign = { ...values, 'releases/shop/Chart.yaml': 'mine' };
    expect(() => planned({}, foreign)).toThrow(
      'Cannot write a chart to releases/shop/Chart.yaml without overwriting: sluice did not write it',
    );
    const same = { ...values, 'releases/shop/Chart.yaml': 'name: shop' };
    expect(carriedOut(chart(), same)).toEqual(carriedOut(chart(), values));
  });

  it.each(['../values.yaml', '/etc/passwd', 'a/../../b'])('refuses %s in the inventory, with its line', (path) => {
    const digest = '0'.repeat(64);
    const plan = () => planned({}, { [inventory]: `# a comment\n${digest}  ${path}\n` });
    expect(plan).toThrow(ConfigError);
    expect(plan).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ file: inventory, line: 2 })] }),
    );
  });
});

interface ChartParts {
  readonly stamp?: string;
  readonly files?: { readonly [path: string]: string };
}

function chart({ stamp = 'one', files }: ChartParts = {}): ReleaseChart {
  const own = files ?? { 'Chart.yaml': 'name: shop', 'templates/service.yaml': 'kind: Service' };
  return { stamp, generate: () => new Map(Object.entries(own)) };
}

type Files = { readonly [path: string]: string | undefined };

function folder(files: Files) {
  return { path: 'releases/shop', read: (path: string) => files[path] };
}

function planned(parts: ChartParts, files: Files) {
  let generated = 0;
  const { stamp, generate } = chart(parts);
  const counted = () => {
    generated += 1;
    return generate();
  };
  return { plan: planChart({ stamp, generate: counted }, folder(files)), generated };
}

function carriedOut(of: ReleaseChart | undefined, files: Files): Files {
  const result = { ...files };
  for (const { path, content } of planChart(of, folder(files))) {
    if (content === null) delete result[path];
    else result[path] = content;
  }
  return result;
}
