import { createHash } from 'node:crypto';
import { type Chain, draftChain, makeChain, type Unfit } from '../chain.js';
import { askGit, runGit } from '../git.js';
import type { CommitPlan } from '../plan.js';
import { isAncestor } from '../remote.js';
import type { Repository } from '../repository.js';

/** What a branch's commit says of itself. */
export interface BranchCommit {
  readonly id: string;
  /** Undefined for a merge and for a first commit. */
  readonly parent: string | undefined;
  /** The decision that it carries out; undefined where sluice did not make it as it stands. */
  readonly key: string | undefined;
  /** Of a person, which it carries out; undefined where it carries out a decision of a pass. */
  readonly command: string | undefined;
  /** Every path that it changes, from the root. */
  readonly paths: readonly string[];
}

/**
 * Makes the commit of a request on `repository.head`, as an object alone. It carries a seal: a hash of what it changes,
 * so that any later pass, from any clone, sees whether it is as sluice made it.
 *
 * @returns its id, undefined where it would change nothing
 */
export async function makeSealed(
  repository: Repository,
  plan: CommitPlan,
  { key, template }: { readonly key: string; readonly template: string },
): Promise<string | undefined | Unfit> {
  const draft = await draftChain(repository, [plan]);
  if (draft.kind === 'unfit') return draft;
  const trailers = { ...plan.trailers, proposal: key, seal: sealOf(key, linesOf(draft.entries)) };
  const chain = await makeChain(repository, [{ ...plan, trailers }], template);
  return chain.kind === 'unfit' ? chain : chain.commits[0];
}

/** Reads the commit that a branch ends with. */
export async function readBranchCommit(root: string, id: string): Promise<BranchCommit> {
  const trailers = ['Proposal', 'Seal', 'Command'].map((name) => `%(trailers:key=Sluice-${name},valueonly)`);
  const format = `--format=${['%P', ...trailers].join('%x00')}`;
  const [parents = '', key = '', seal = '', command = ''] = (
    await runGit(['log', '-1', format], { cwd: root, revisions: [id] })
  )
    .split('\0')
    .map((part) => part.trim());
  const carriesOut = { command: command || undefined };
  if (!/^[0-9a-f]+$/.test(parents)) return { id, parent: undefined, key: undefined, ...carriesOut, paths: [] };
  const fields = (await runGit(['diff-tree', '-r', '-z', '--no-renames', parents, id], { cwd: root })).split('\0');
  const lines: string[] = [];
  const paths: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', , object = ''] = (fields[i] ?? '').slice(1).split(' ');
    const path = fields[i + 1] ?? '';
    lines.push(/^0+$/.test(object) ? `${path}\0` : `${path}\0${mode} ${object}`);
    paths.push(path);
  }
  const isOurs = key !== '' && seal === sealOf(key, lines);
  return { id, parent: parents, key: isOurs ? key : undefined, ...carriesOut, paths };
}

/** Whether nobody but sluice has a commit on the branch. In a shallow clone only its last commit tells. */
export async function isOurs({ key, parent }: BranchCommit, { root, head }: Repository): Promise<boolean> {
  if (key === undefined || parent === undefined || head === undefined) return false;
  if (await isAncestor(root, parent, head)) return true;
  return (await askGit(['rev-parse', '--is-shallow-repository'], { cwd: root })).stdout.trim() === 'true';
}

/** Another commit on the target is no reason to make a reviewed commit anew, unless it changed the same files. */
export async function isOutdated({ parent, paths }: BranchCommit, { root, head }: Repository): Promise<boolean> {
  if (parent === undefined || head === undefined) return true;
  if (parent === head) return false;
  return (await askGit(['diff-tree', '-r', '--quiet', parent, head], { cwd: root, paths })).status !== 0;
}

function linesOf(entries: Chain['entries']): string[] {
  return [...entries].map(([path, entry]) => `${path}\0${entry === undefined ? '' : `${entry.mode} ${entry.id}`}`);
}

function sealOf(key: string, lines: readonly string[]): string {
  return createHash('sha256')
    .update([key, ...lines.toSorted()].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
