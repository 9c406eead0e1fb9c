import { dirname } from 'node:path';
import { parseStatus, type Status } from '../evaluate/status.js';
import { runGit } from '../gitops/git.js';
import { filesOf } from './folder-at.js';
import type { LandingPlace } from './landing.js';
import type { Workspace } from './workspace.js';

/**
 * Returns what the evaluator remembers of a release.
 *
 * @param file its values file
 * @throws ConfigError with positions when a person broke it
 */
export function statusOf(workspace: Workspace, file: string): Status {
  const path = statusFile(file);
  return parseStatus(filesOf(workspace).read(path), path);
}

/**
 * Returns whether the status as it stands was written by a person, such as by `git revert`: the commit that changed it
 * last carries no decision. Where a shallow clone does not know that commit, it is taken for one of ours.
 */
export async function isByHand({ root, revision = 'HEAD', config = {} }: LandingPlace, file: string): Promise<boolean> {
  const format = '--format=%P%x00%(trailers:key=Sluice-Decision,valueonly)';
  const last = await runGit(['log', '-1', format], {
    ...{ cwd: root, config, revisions: [revision], paths: [statusFile(file)] },
  });
  const [parents = '', decision = ''] = last.trim().split('\0');
  return parents !== '' && decision === '';
}

/** Returns where the status beside a values file is. */
export function statusFile(file: string): string {
  return `${dirname(file)}/status.yaml`;
}
