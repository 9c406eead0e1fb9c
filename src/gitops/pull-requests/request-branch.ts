import { createHash } from 'node:crypto';

/** What the branches of our requests begin with; whatever else is called so is left alone. */
export const branchPrefix = 'sluice/';

const longest = 100;

/**
 * Returns the branch of a release's request: `team/reviews` has `sluice/team.reviews`. A name that git or a URL would
 * not take as it is gets a hash, so that no two releases share a branch.
 *
 * @param release its folder below that of the releases
 * @param prefix that of the workspace in its repository
 */
export function requestBranch(release: string, prefix = ''): string {
  const id = `${prefix}${release}`;
  return branchNamed(id, { isTaken: taken.has(id.split('/').at(-1)), id });
}

/** A release that is called like one of the requests for all of them is none of those. */
const taken: ReadonlySet<string | undefined> = new Set(['rendered', 'freeze']);

/** Returns the branch of the one request for what is rendered in a workspace: `sluice/rendered`. */
export function renderedBranch(prefix = ''): string {
  return branchNamed(`${prefix}rendered`, { isTaken: false, id: `${prefix}rendered/` });
}

/** Returns the branch of the one request that freezes a workspace, or ends that: `sluice/freeze`. */
export function freezeBranch(prefix = ''): string {
  return branchNamed(`${prefix}freeze`, { isTaken: false, id: `${prefix}freeze/` });
}

function branchNamed(name: string, { isTaken, id }: { readonly isTaken: boolean; readonly id: string }): string {
  const safe = name.replace(/[^\w/-]/g, '-').replaceAll('/', '.');
  const isPlain = safe === name.replaceAll('/', '.') && safe.length <= longest && !/(^[-.]|\.lock$)/.test(safe);
  if (isPlain && !isTaken) return `${branchPrefix}${safe}`;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  return `${branchPrefix}r-${safe.slice(0, longest)}-${hash}`;
}
