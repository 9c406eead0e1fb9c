import { runGit } from '../../gitops/git.js';
import { shortId, styles } from './page.js';
import type { Happening } from './scene.js';
import { starter } from './stage.js';
import type { Line, Style } from './text.js';

/** A commit as the log tells it. */
export interface LogEntry {
  readonly commit: string;
  readonly subject: string;
  /** What its trailer says was decided; undefined for commits that people make. */
  readonly decision: Happening['kind'] | undefined;
}

/** Returns every commit of a repository, newest first. */
export async function readLog(folder: string): Promise<LogEntry[]> {
  const format = '%H%x09%s%x09%(trailers:key=Sluice-Decision,valueonly,separator=)';
  const log = await runGit(['log', `--format=${format}`], { cwd: folder });
  return log
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [commit = '', subject = '', decision] = line.split('\t');
      return { commit, subject, decision: isKind(decision) ? decision : undefined };
    });
}

function isKind(decision: string | undefined): decision is Happening['kind'] {
  return decision !== undefined && Object.hasOwn(styles, decision);
}

/** Returns what stays: the log of the repository, and what the rollback changed in the file that people write. */
export async function endingOf(folder: string, log: readonly LogEntry[]): Promise<Line[]> {
  const rollback = log.find(({ decision }) => decision === 'roll back');
  return [
    [],
    heading('What Git remembers'),
    [],
    ...log.map(logLine),
    [],
    ...(rollback === undefined ? [] : await diffOf(folder, rollback)),
    heading('Try next'),
    [],
    ...nextLines,
  ];
}

function heading(text: string): Line {
  return [{ text, style: 'bold' }];
}

function logLine({ commit, subject, decision }: LogEntry): Line {
  const text = (decision ?? '').padEnd('roll back'.length + 2);
  return [
    { text: `  ${shortId(commit)}  `, style: 'yellow' },
    { text, ...(decision && { style: styles[decision] }) },
    { text: subject },
  ];
}

async function diffOf(folder: string, { commit }: LogEntry): Promise<Line[]> {
  const options = ['--format=', '--no-ext-diff', '--no-color', '--unified=2'];
  const diff = await runGit(['show', ...options], { cwd: folder, revisions: [commit], paths: [starter.values] });
  const lines = diff.trimEnd().split('\n');
  const hunk = lines.slice(lines.findIndex((line) => line.startsWith('@@')) + 1);
  return [
    heading(`The rollback, ${shortId(commit)}, in ${starter.values}`),
    [],
    ...hunk.map((line): Line => {
      const style = diffStyles[line[0] ?? ''];
      return [{ text: `  ${line}`, ...(style && { style }) }];
    }),
    [],
  ];
}

const diffStyles: { readonly [first: string]: Style } = { '+': 'green', '-': 'red', ' ': 'dim', '@': 'dim' };

const nextLines: readonly Line[] = [
  ['sluice init shop --yes', 'a repository of your own'],
  [`sluice candidate ${starter.release} --image IMAGE`, 'a new version, without traffic'],
  ['sluice evaluate --dry-run', 'what it would decide, and why'],
].map(([command = '', what = '']) => [
  { text: `  ${command.padEnd(42)}`, style: 'cyan' },
  { text: what, style: 'dim' },
]);
