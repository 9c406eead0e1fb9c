import { nearest } from '../values/check-shape.js';
import { parseSourceText } from '../values/source-text.js';
import { type Allowance, allowancesOf } from './allowances.js';
import type { Finding, Lint, LintInput } from './lint.js';
import { lints } from './registry.js';

/**
 * Returns what the lints find in a release, without what its comments allow, and the comments that allow nothing. A lint
 * that needs more than is known is left out.
 */
export function lintValues(input: LintInput): Finding[] {
  const { text, file } = input.loaded;
  const source = parseSourceText(text, file);
  const able = Object.values<Lint>(lints).filter(({ needs }) => needs === undefined || input[needs] !== undefined);
  const found = able.flatMap((lint) =>
    lint.find(input).map(({ path, message, hint }): Found => {
      const problem = source.problem(path, message, { hint });
      const { line: keyLine } = source.problem(path, message, { atKey: true });
      return { id: lint.id, keyLine, finding: { severity: lint.severity, code: codeOf(lint.id), ...problem } };
    }),
  );
  const allowances = allowancesOf(text);
  const ran = new Set<string>(able.map(({ id }) => id));
  const unused = allowances.filter((each) => isUnused(each, { found, ran }));
  return [
    ...found.filter((each) => !allowances.some((allowance) => silences(allowance, each))).map(({ finding }) => finding),
    ...unused.map((each) => unusedFinding(each, file)),
  ];
}

/** What a lint finds, before the comments are heard. */
interface Found {
  readonly id: string;
  /** A list or a map starts below its key, and a comment may stand at either. */
  readonly keyLine: number | undefined;
  readonly finding: Finding;
}

/** What a comment is called that allows what is not found, or what there is not. */
export const unusedAllow = 'unused-allow';

function codeOf(id: string): string {
  return `lint/${id}`;
}

function silences({ id, covers }: Allowance, { id: lint, keyLine, finding }: Found): boolean {
  return id === lint && covers.some((line) => line === finding.line || line === keyLine);
}

function isUnused(
  allowance: Allowance,
  { found, ran }: { readonly found: readonly Found[]; readonly ran: ReadonlySet<string> },
): boolean {
  if (!isKnown(allowance)) return true;
  return ran.has(allowance.id) && !found.some((each) => silences(allowance, each));
}

function isKnown({ id }: Allowance): boolean {
  return Object.hasOwn(lints, id);
}

function unusedFinding(allowance: Allowance, file: string): Finding {
  const { id, line, column } = allowance;
  const place = { severity: 'warning', code: codeOf(unusedAllow), file, line, column, path: '' } as const;
  if (isKnown(allowance)) {
    const hint = 'Remove it, or move it to the line of the finding or right above that.';
    return { ...place, message: `allows ${id}, which is not found here`, hint };
  }
  const known = Object.keys(lints);
  const near = nearest(id, known);
  const hint = `${near === undefined ? '' : `Did you mean ${near}? `}The lints are: ${known.join(', ')}.`;
  return { ...place, message: `allows ${id}, which is no lint`, hint };
}
