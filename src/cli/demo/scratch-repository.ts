import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../../gitops/git.js';
import { init } from '../init.js';
import type { Io } from '../io.js';
import { projectFile } from '../workspace.js';
import { runCaptured } from './run-captured.js';

/** Keeps a person's own settings, keys and hooks out of the play. */
const settings: { readonly [key: string]: string } = {
  'user.name': 'sluice demo',
  'user.email': 'demo@sluice.example',
  'commit.gpgsign': 'false',
  'core.hooksPath': '/dev/null',
  'core.autocrlf': 'false',
  // Housekeeping in the background would still write while the folder is being removed.
  'gc.auto': '0',
  'maintenance.auto': 'false',
};

/** For whoever looks into a repository that is kept. */
const remark = '  # ended with the demo: put your own Prometheus here';

/** Returns a new folder for one demo, absolute. */
export function makeScratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-demo-'));
}

/** Removes what `makeScratchFolder` made; a git that was interrupted may still be writing there. */
export function removeScratchFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/**
 * Makes of the folder what `sluice init` makes of it, with metrics from `url`, in two commits with the real time.
 *
 * @throws GitError when git is not installed
 */
export async function startRepository(url: string, { cwd, now }: Pick<Io, 'cwd' | 'now'>): Promise<void> {
  await runGit(['init', '--quiet', '--initial-branch=main'], { cwd });
  for (const [key, value] of Object.entries(settings)) await runGit(['config', key, value], { cwd });
  await runCaptured((io) => init({ argument: undefined, options: { yes: true } }, io), { cwd, now });
  const path = join(cwd, projectFile);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^( *url: ).*$/m, `$1${url}${remark}`));
  const message = 'chore(sluice): read the metrics of the simulator';
  await runGit(['commit', '--quiet', '--all', `--message=${message}`], { cwd });
}
