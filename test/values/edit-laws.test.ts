import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Edit } from '../../src/values/edit.js';
import { differingLines, edited } from './edits.js';

interface Layout {
  readonly eol: string;
  readonly step: number;
  readonly listIndent: number;
  readonly flow: boolean;
  readonly comment: string;
  readonly quote: string;
  readonly finalNewline: boolean;
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  step: fc.constantFrom(2, 3, 4),
  listIndent: fc.constantFrom(0, 2, 4),
  flow: fc.boolean(),
  comment: fc.constantFrom('', ' # ours', '   #weight: 5'),
  quote: fc.constantFrom('', "'", '"'),
  finalNewline: fc.boolean(),
});

type Part = 'name' | 'image' | 'weight' | 'routed' | 'deployment' | 'script' | 'remark';
const parts = fc.shuffledSubarray<Part>(['name', 'image', 'weight', 'routed', 'deployment', 'script', 'remark'], {
  minLength: 2,
});
/** At least one key that is no remark, so that the entry is a map. */
const entries = parts.filter((order) => order.some((part) => part !== 'remark'));

/** Returns the lines of one key of a version, at column 0. */
function partLines(part: Part, { step, comment, quote, flow }: Layout): string[] {
  const pad = ' '.repeat(step);
  switch (part) {
    case 'name':
      return flow
        ? [`metadata: {name: ${quote}a${quote}}${comment}`]
        : [`metadata:${comment}`, `${pad}name: ${quote}a${quote}`];
    case 'image':
      return [`image: ${quote}shop:v1${quote}${comment}`];
    case 'weight':
      return [`weight: 0${comment}`];
    case 'routed':
      return [`routed:${comment}`];
    case 'deployment':
      return ['deployment:', `${pad}spec: [`, `${pad}${pad}1]`, `${pad}# of deployment`];
    case 'script':
      return ['script: |', `${pad}# no comment`, '', `${pad}weight: 1`];
    case 'remark':
      return ['# a remark', ''];
  }
}

function versionLines(order: readonly Part[], layout: Layout): string[] {
  const first = order.findIndex((part) => part !== 'remark');
  const body = order.slice(first).flatMap((part) => partLines(part, layout));
  const lead = '-'.padEnd(layout.step);
  return body.map((line, index) => (line === '' ? '' : `${index === 0 ? lead : ' '.repeat(layout.step)}${line}`));
}

const documents = fc
  .record({ layout: layouts, versions: fc.array(entries, { minLength: 1, maxLength: 3 }), primaryFirst: fc.boolean() })
  .map(({ layout, versions, primaryFirst }) => {
    const pad = ' '.repeat(layout.step);
    const listPad = `${pad}${' '.repeat(layout.listIndent)}`;
    const items = versions
      .flatMap((order) => versionLines(order, layout))
      .map((line) => (line === '' ? '' : `${listPad}${line}`));
    const list = [`${pad}versions:${layout.comment}`, ...items];
    const name = `${pad}primary: ${layout.quote}a${layout.quote}${layout.comment}`;
    const lines = [
      '# shop',
      'application:',
      ...(primaryFirst ? [name, ...list] : [...list, name]),
      '',
      '# end',
      'rest: [1]',
    ];
    return { text: lines.join(layout.eol) + (layout.finalNewline ? layout.eol : ''), count: versions.length };
  });

/** Any text but with U+0085, which no values file may hold. */
const anyText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0085'));

const documentsAndEdits = documents.chain(({ text, count }) => {
  const version = fc.nat({ max: count - 1 });
  const at = (index: number, ...keys: string[]) => ['application', 'versions', index, ...keys];
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    fc.record({ path: version.map((index) => at(index, 'weight')), value: fc.nat({ max: 100 }) }),
    fc.record({ path: version.map((index) => at(index, 'routed')), value: fc.boolean() }),
    fc.record({ path: version.map((index) => at(index, 'metadata', 'name')), value: anyText }),
    fc.record({ path: fc.constant(['application', 'primary']), value: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/) }),
  );
  const edits = fc.uniqueArray(edit, { minLength: 1, maxLength: 6, selector: ({ path }) => path.join() });
  return fc.record({ text: fc.constant(text), edits });
});

/** Sets a value in plain data that the test owns. */
function assign(data: unknown, { path, value }: Edit): void {
  let parent = data as Record<string | number, unknown>;
  for (const segment of path.slice(0, -1)) {
    parent[segment] ??= {};
    parent = parent[segment] as Record<string | number, unknown>;
  }
  parent[path.at(-1) ?? ''] = value;
}

describe('applyEdits() laws', () => {
  it('applyEdits() gives the old data with exactly the edits, whatever the layout', () => {
    fc.assert(
      fc.property(documentsAndEdits, ({ text, edits }) => {
        const expected: unknown = parse(text, { version: '1.1' });
        for (const edit of edits) assign(expected, edit);
        expect(parse(edited(text, ...edits), { version: '1.1' })).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('applyEdits() changes or adds one line per edit and keeps all others byte for byte', () => {
    fc.assert(
      fc.property(documentsAndEdits, ({ text, edits: [edit] }) => {
        if (edit === undefined) return;
        const after = edited(text, edit);
        const { removed, added } = differingLines(text, after);
        expect(added).toBeLessThanOrEqual(1);
        expect(removed).toBeLessThanOrEqual(added);
        expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text));
      }),
      { numRuns: 200 },
    );
  });

  it('applyEdits() twice is the same as once', () => {
    fc.assert(
      fc.property(documentsAndEdits, ({ text, edits }) => {
        const once = edited(text, ...edits);
        expect(edited(once, ...edits)).toBe(once);
      }),
    );
  });

  it('applyEdits() gives the same text in any order of the edits', () => {
    const shuffled = documentsAndEdits.chain(({ text, edits }) =>
      fc.record({
        text: fc.constant(text),
        edits: fc.constant(edits),
        order: fc.shuffledSubarray(edits, { minLength: edits.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ text, edits, order }) => {
        expect(edited(text, ...order)).toBe(edited(text, ...edits));
      }),
    );
  });
});
