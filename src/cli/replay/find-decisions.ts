import { ConfigError, GitError } from '../../errors.js';
import { fetchHint, filesAt, openSnapshot, type Snapshot } from '../../gitops/files-at.js';
import { type CommitRange, type HistoryCommit, readCommits } from '../../gitops/history.js';
import { oneLine } from '../../gitops/one-line.js';
import { defaultProject, type Project } from '../../values/project.js';
import { type HistoryEntry, historyEntries } from '../history-entries.js';
import { projectThen } from '../project-then.js';
import { decodeText } from '../read-text.js';
import { projectFile } from '../workspace.js';
import type { Place } from './place.js';

/** A commit that carries a decision. */
export interface Found {
  readonly entry: HistoryEntry;
  readonly commit: HistoryCommit;
}

/** Which decisions are meant. */
export interface Wanted extends CommitRange {
  /** Of one release only, by its folder or the end of it. */
  readonly release: string | undefined;
}

/**
 * Returns the decisions that are meant, oldest first.
 *
 * @throws GitError when git knows no such commit
 * @throws ConfigError when none of them is a decision of sluice
 */
export async function findDecisions(place: Place, wanted: Wanted): Promise<Found[]> {
  const { cwd, config, prefix } = place;
  const { revision, release } = wanted;
  for (const end of revision.split(/\.{2,3}/).filter((each) => each !== '')) await assertCommit(place, end);
  const commits = await readCommits(cwd, wanted, config);
  const [newest] = commits;
  const project = newest === undefined ? defaultProject : await projectAt(place, newest.hash);
  const { entries, skipped } = historyEntries({ commits }, { prefix, ...project });
  const own = entries.filter((entry) => isOf(entry, release));
  const decisions = own.filter(({ kind }) => kind === 'decision').toReversed();
  const byHash = new Map(commits.map((commit) => [commit.hash, commit]));
  const found = decisions.flatMap((entry) => {
    const commit = byHash.get(entry.commit);
    return commit === undefined ? [] : [{ entry, commit }];
  });
  if (found.length > 0) return found;
  const doubt = own.find((entry) => entry.doubt !== undefined)?.doubt ?? skipped[0]?.reason;
  throw noDecision(revision, {
    release,
    doubt,
    isRange: wanted.all || revision.includes('..'),
    others: entries.length - own.length,
  });
}

/** Returns the settings of the workspace as a commit has them. @throws ConfigError where they are broken */
export async function projectAt(place: Place, commit: string): Promise<Project> {
  const snapshot: Snapshot = { ...place, commit };
  const bytes = (await filesAt(snapshot, [projectFile])).get(projectFile);
  const file = `${commit.slice(0, 10)}:${place.prefix}${projectFile}`;
  return bytes === undefined ? defaultProject : projectThen(decodeText(bytes, file), file, snapshot);
}

function isOf({ release }: HistoryEntry, name: string | undefined): boolean {
  return name === undefined || release === name || release.endsWith(`/${name}`);
}

async function assertCommit({ cwd, config }: Place, revision: string): Promise<void> {
  if ((await openSnapshot(cwd, revision, config)) !== undefined) return;
  throw new GitError(
    `Cannot replay ${JSON.stringify(oneLine(revision))} as a commit: git knows none of that name here`,
    {
      code: 'git/no-such-commit',
      path: oneLine(revision),
      hint: `Name a commit as sluice history lists it, or a range such as main~5..main. ${fetchHint}`,
    },
  );
}

interface Missing {
  readonly release: string | undefined;
  readonly doubt: string | undefined;
  readonly isRange: boolean;
  readonly others: number;
}

function noDecision(revision: string, { release, doubt, isRange, others }: Missing): ConfigError {
  const of = release === undefined || others === 0 ? '' : ` on ${oneLine(release)}`;
  const current = isRange ? `it holds none${of}` : (doubt ?? `it is none${of}`);
  return new ConfigError(`Cannot replay ${oneLine(revision)} as a decision of sluice: ${current}`, {
    code: 'cli/no-decision',
    path: oneLine(revision),
    hint: 'sluice history lists the decisions with their commits.',
  });
}
