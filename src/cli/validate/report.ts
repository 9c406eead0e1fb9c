import type { ConfigError, Problem } from '../../errors.js';
import type { Finding, Severity } from '../../lints/lint.js';

/** All that was validated and what came of it. */
export interface Validation {
  /** How many values files were read. */
  readonly files: number;
  /** In the order of files, lines and columns. */
  readonly findings: readonly Finding[];
  /** What was left out, and why. */
  readonly unchecked: readonly Unchecked[];
}

/** Something that could not be checked: it may be right or wrong. */
export interface Unchecked {
  /** What it is about, such as `HTTPRoute (gateway.networking.k8s.io/v1)`. */
  readonly subject: string;
  readonly reason: string;
  /** Which rules, where only some are left out. */
  readonly rules?: readonly string[];
}

/** Returns the findings of an error: one per problem, or itself at the start of its file. */
export function findingsOf(error: ConfigError, file: string): Finding[] {
  const { code, message, hint, problems } = error;
  const own: Problem = { file, line: 1, column: 1, path: '', message, ...(hint !== undefined && { hint }) };
  return (problems.length > 0 ? problems : [own]).map((problem) => ({ severity: 'error', code, ...problem }));
}

/** Returns the findings as a person goes through them. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  return findings.toSorted(
    (a, b) =>
      byText(a.file, b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      byText(a.code, b.code) ||
      byText(a.message, b.message),
  );
}

/** Returns how many findings of a severity there are. */
export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

/** The ways to print a validation. */
export const formats = { text: formatText, json: formatJson, github: formatGithub } as const;

function formatJson({ files, findings, unchecked }: Validation): string {
  const counts = {
    errors: countOf(findings, 'error'),
    warnings: countOf(findings, 'warning'),
    infos: countOf(findings, 'info'),
  };
  return `${JSON.stringify({ files, ...counts, findings, unchecked }, null, 2)}\n`;
}

function formatText(validation: Validation): string {
  const found = validation.findings.map(({ file, line, column, severity, code, path, message, hint }) => {
    const where = line === undefined ? file : `${file}:${line}:${column}`;
    const subject = path === '' ? '' : `${path}: `;
    return `${where} ${severity} ${subject}${message} [${code}]\n${hint === undefined ? '' : `  hint: ${hint}\n`}`;
  });
  return [...found, uncheckedLines(validation), `${summaryOf(validation)}\n`].join('');
}

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/** Annotations of a GitHub workflow: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function formatGithub(validation: Validation): string {
  const found = validation.findings.map(({ file, line, column, severity, code, path, message, hint }) => {
    const place = line === undefined ? { file } : { file, line, col: column };
    const properties = Object.entries({ ...place, title: code }).map(([key, value]) => `${key}=${property(value)}`);
    const text = `${path === '' ? '' : `${path}: `}${message}${hint === undefined ? '' : `\nhint: ${hint}`}`;
    return `::${commands[severity]} ${properties.join(',')}::${data(text)}\n`;
  });
  return [...found, uncheckedLines(validation), `${summaryOf(validation)}\n`].join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string | number | undefined): string {
  return data(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function uncheckedLines({ unchecked }: Validation): string {
  return unchecked
    .map(({ subject, reason, rules }) => {
      const more = rules === undefined ? '' : '; -o json lists them';
      // One line: what a file is called, or says, starts no line that GitHub would obey.
      return `${`not checked: ${subject}: ${reason}${more}`.replaceAll(/[\r\n]+/g, ' ')}\n`;
    })
    .join('');
}

function summaryOf({ files, findings }: Validation): string {
  const counted = (['error', 'warning', 'info'] as const)
    .map((severity) => ({ severity, count: countOf(findings, severity) }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? '' : 's'}`);
  const read = `${files} values ${files === 1 ? 'file' : 'files'}`;
  return `${read}: ${counted.length === 0 ? 'no findings' : counted.join(', ')}`;
}
