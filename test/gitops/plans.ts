import type { CommitPlan } from '../../src/gitops/plan.js';
import type { FileChange } from '../../src/release/file-change.js';

export function change(path: string, content: string | null): FileChange {
  return { path, content };
}

export function planOf(release: string, changes: readonly FileChange[]): CommitPlan {
  return { release, summary: `do ${release}`, trailers: {}, changes };
}
