import { ConfigError } from '../../errors.js';
import { asLanded } from '../as-landed.js';
import { isByHand, statusOf } from '../release-status.js';
import type { ReleaseEntry, Workspace } from '../workspace.js';
import type { Standing } from './standing.js';

/** Returns who stays in a release since a person put them back, by name; nobody where its files are broken. */
export async function stayingIn(
  workspace: Workspace,
  { id, file, loaded }: ReleaseEntry,
): Promise<ReadonlySet<string>> {
  if (loaded instanceof ConfigError) return new Set();
  try {
    const release = { id, loaded, status: statusOf(workspace, file) };
    const { status } = await asLanded(release, false, {
      ...{ place: workspace, byRequest: workspace.project.git.pullRequests !== undefined },
      ...{ now: Number.POSITIVE_INFINITY, mergeTime: async () => undefined },
      isByHand: (each) => isByHand(workspace, each),
    });
    return new Set(status.settled.filter(({ stays }) => stays).map(({ name }) => name));
  } catch (error) {
    if (error instanceof ConfigError) return new Set();
    throw error;
  }
}

/** What a person commands next must not hide from cleanup that they stay. */
export function withStaying(standing: Standing, names: ReadonlySet<string>): Standing {
  const settled = standing.status.settled.map((entry) => (names.has(entry.name) ? { ...entry, stays: true } : entry));
  return { ...standing, status: { ...standing.status, settled } };
}
