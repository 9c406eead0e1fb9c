import { randomBytes } from 'node:crypto';
import { isSluiceError } from '../../errors.js';
import type { GithubApi } from './api.js';

/** No branch of a request is called so: there, such a character becomes another one. */
const prefix = 'sluice/scratch@';

/** No pass takes as long, not even one whose clock is wrong by some minutes. */
const oldest = 3_600_000;

/**
 * Returns a name for a branch on which commits are made, before the branch that is meant goes there.
 *
 * @param now Unix milliseconds
 */
export function scratchName(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  return `${prefix}${time}-${randomBytes(4).toString('hex')}`;
}

/** Returns when a branch was made, in Unix milliseconds; undefined where it is none of those. */
function madeAt(branch: string): number | undefined {
  const name = branch.startsWith(prefix) ? branch.slice(prefix.length) : '';
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}$/.exec(name) ?? [];
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** Removes what a pass that was killed has left. It is in nobody's way, so what goes wrong here is left to the next pass. */
export async function removeLeftOvers(
  api: GithubApi,
  { now, tell }: { readonly now: number; readonly tell: (text: string) => void },
): Promise<void> {
  try {
    const branches = await api.branches(prefix);
    const old = branches.filter(({ branch }) => now - (madeAt(branch) ?? now) > oldest);
    if (old.length === 0) return;
    await api.updateBranches(old.map(({ branch, commit }) => ({ branch, from: commit, to: undefined })));
    tell(`removed from GitHub what a killed pass had left: ${old.map(({ branch }) => branch).join(', ')}\n`);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
  }
}
