import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/lints/lint.js';
import { lintValues } from '../../src/lints/lint-values.js';
import { lints } from '../../src/lints/registry.js';
import { defaultProject, loadProject, type Project } from '../../src/values/project.js';
import { loadedOf } from '../release-of.js';

/** Settings that name a source of metrics. */
export const measured = loadProject('metrics: {source: prometheus, url: "http://prometheus:9090"}\n', 'sluice.yaml');

/** Settings that name none. */
export const unmeasured = defaultProject;

/** Values, and what they are compared with. */
export interface LintCase {
  readonly text: string;
  /** The values before a change; `new` for a release that was not there. */
  readonly before?: string;
  readonly project?: Project;
}

/** Returns what the lints find in values. */
export function findingsIn({ text, before, project }: LintCase): Finding[] {
  const comparison = before === undefined ? undefined : { before: before === 'new' ? undefined : loadedOf(before) };
  return lintValues({ loaded: loadedOf(text), project, comparison });
}

/** Values of two versions: `head` goes before them, `first` and `second` are further lines of each. */
export function twoVersions(head: string, { first = '', second = '' } = {}): string {
  return `${head}  versions:
  - metadata: {name: v1}
    image: registry.example/shop:v1
${first}  - metadata: {name: v2}
    image: registry.example/shop:v2
${second}`;
}

interface Fires extends LintCase {
  /** The line on which it is found. */
  readonly on: string;
  readonly says: string;
}

/** Tests a lint: where it fires and where, in place, it can be silenced; and where it has nothing to say. */
export function testLint(
  id: keyof typeof lints,
  { fires, quiet }: { readonly fires: Record<string, Fires>; readonly quiet: Record<string, LintCase> },
): void {
  const found = (each: LintCase) => findingsIn(each).filter(({ code }) => code === `lint/${id}`);
  const unused = (each: LintCase) => findingsIn(each).filter(({ code }) => code === 'lint/unused-allow');

  describe(id, () => {
    test.each(Object.entries(fires))('is found in %s', (_, { on, says, ...values }) => {
      const [first, ...more] = found(values);
      expect(more).toEqual([]);
      expect(first?.severity).toBe(lints[id].severity);
      expect(first?.message).toContain(says);
      expect(first?.hint).toMatch(/^[A-Z].*\S$/);
      expect(values.text.split('\n')[(first?.line ?? 0) - 1]).toContain(on);
    });

    test.each(Object.entries(fires))(
      'is silenced in %s, above its line and on it',
      (_, { says: __, on, ...values }) => {
        const line = (found(values)[0]?.line ?? 0) - 1;
        const lines = values.text.split('\n');
        const indent = /^ */.exec(lines[line] ?? '')?.[0] ?? '';
        const above = lines.toSpliced(line, 0, `${indent}# sluice: allow ${id}: this once`).join('\n');
        const beside = lines.with(line, `${lines[line]}  # sluice: allow ${id}`).join('\n');
        for (const text of [above, beside]) {
          expect(found({ ...values, text })).toEqual([]);
          expect(unused({ ...values, text })).toEqual([]);
        }
      },
    );

    test.each(Object.entries(quiet))('is not found in %s', (_, values) => {
      expect(found(values)).toEqual([]);
    });

    test.each(Object.entries(quiet).slice(0, 1))('makes a comment that allows it in %s a finding', (_, values) => {
      const text = `# sluice: allow ${id}\n${values.text}`;
      expect(unused({ ...values, text })).toMatchObject([
        { line: 1, column: 17, severity: 'warning', message: `allows ${id}, which is not found here` },
      ]);
    });
  });
}
