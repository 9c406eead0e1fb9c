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
    lint.find(input).map(({ path, message, hint }): Finding => {
      const problem = source.problem(path, message, { hint });
      return { severity: lint.severity, code: codeOf(lint.id), ...problem };
    }),
  );
  const allowances = allowancesOf(text);
  const ran = new Set<string>(able.map(({ id }) => id));
  const unused = allowances.filter((each) => isUnused(each, { found, ran }));
  return [
    ...found.filter((finding) => !allowances.some((each) => silences(each, finding))),
    ...unused.map((each) => unusedFinding(each, file)),
  ];
}

/** What a comment is called that allows what is not found, or what there is not. */
export const unusedAllow = 'unused-allow';

function codeOf(id: string): string {
  return `lint/${id}`;
}

function silences({ id, covers }: Allowance, { code, line }: Finding): boolean {
  return code === codeOf(id) && line !== undefined && covers.includes(line);
}

function isUnused(
  allowance: Allowance,
  { found, ran }: { readonly found: readonly Finding[]; readonly ran: ReadonlySet<string> },
): boolean {
  if (!isKnown(allowance)) return true;
  return ran.has(allowance.id) && !found.some((finding) => silences(allowance, finding));
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
