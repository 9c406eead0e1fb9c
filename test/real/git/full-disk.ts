/**
 * A process of its own that publishes while its disk, which is at FOLDER, has little room, ever more from one try to the
 * next until all goes well; it tells of each try in a line: `full-disk.ts KIND FOLDER`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSluiceError } from '../../../src/errors.js';
import type { Backend } from '../../../src/gitops/backend.js';
import { openBackend } from '../../../src/gitops/backends.js';
import { defaultGit } from '../../../src/values/project/git.js';
import { change, planOf } from '../../gitops/plans.js';

/** What is on the small disk. */
export type Kind = 'local' | 'clone' | 'server';

/** What came of a pass while there was little room, and of the next one when there was enough. */
export interface Try {
  readonly blocks: number;
  readonly outcome: 'published' | { readonly code: string; readonly message: string; readonly hint: string };
  /** What it said beside. */
  readonly told: string;
  /** Files and branch after it, where it failed. */
  readonly left: State | undefined;
  readonly next: State;
}

interface State {
  readonly commits: number;
  readonly content: string;
  readonly status: string;
  /** Whether a journal waits for the next run. */
  readonly journal: boolean;
}

const [kind, disk = ''] = process.argv.slice(2) as [Kind, string];
const block = 4096;
const mostBlocks = 40;
const plan = planOf('one', [change('r/a', '2\n'), change('r/new/b', `${'x'.repeat(9_000)}\n`)]);

for (let blocks = 0; blocks <= mostBlocks; blocks += 2) {
  const done = await tryWith(blocks);
  process.stdout.write(`${JSON.stringify(done)}\n`);
  if (done.outcome === 'published' && done.told === '') break;
}

async function tryWith(blocks: number): Promise<Try> {
  const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-disk-'));
  const small = join(disk, 'ground');
  mkdirSync(small);
  try {
    const server = join(kind === 'server' ? small : elsewhere, 'server.git');
    const copy = join(kind === 'server' ? elsewhere : small, 'copy');
    makeGround(server, copy);
    const told: string[] = [];
    const settings = { ...defaultGit, backend: kind === 'local' ? ('local' as const) : ('push' as const) };
    const backend = await openBackend({ directory: copy, settings, tell: (text) => told.push(text) });
    fill(blocks);
    const outcome = await attempt(backend);
    const left = outcome === 'published' ? undefined : stateOf(copy);
    rmSync(join(disk, 'fill'));
    const again = await attempt(backend);
    if (again !== 'published') throw new Error(`${blocks}: ${again.message}`);
    return { blocks, outcome, told: told.join(''), left, next: stateOf(copy) };
  } finally {
    rmSync(small, { recursive: true });
    rmSync(elsewhere, { recursive: true });
  }
}

async function attempt(backend: Backend): Promise<Try['outcome']> {
  try {
    const result = await backend.publish(await backend.sync(), [plan]);
    if (result.kind === 'published') return 'published';
    throw result.kind === 'unfit' ? result.error : new Error(result.reason);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { code: error.code, message: error.message, hint: error.hint ?? '' };
  }
}

function makeGround(server: string, copy: string): void {
  git('.', 'init', '--quiet', '--bare', '--initial-branch=main', '--template=', server);
  git('.', 'init', '--quiet', '--initial-branch=main', '--template=', copy);
  git(copy, 'config', 'user.name', 'Ada');
  git(copy, 'config', 'user.email', 'ada@example.test');
  mkdirSync(join(copy, 'r'));
  writeFileSync(join(copy, 'r/a'), '1\n');
  writeFileSync(join(copy, 'foreign'), '1\n');
  git(copy, 'add', '--all');
  git(copy, 'commit', '--quiet', '--message', 'chore: ground');
  git(copy, 'remote', 'add', 'origin', `file://${server}`);
  git(copy, 'push', '--quiet', 'origin', 'main');
  writeFileSync(join(copy, 'foreign'), 'mine\n');
}

/** Leaves so many blocks. */
function fill(blocks: number): void {
  const { bavail } = statfsSync(disk);
  writeFileSync(join(disk, 'fill'), Buffer.alloc((bavail - blocks) * block));
}

function stateOf(copy: string): State {
  return {
    commits: Number(git(copy, 'rev-list', '--count', 'HEAD')),
    content: readFileSync(join(copy, 'r/a'), 'utf8'),
    status: git(copy, 'status', '--porcelain', '--untracked-files=all'),
    journal: existsSync(join(copy, '.git/sluice/journal.json')),
  };
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['--no-optional-locks', ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}
