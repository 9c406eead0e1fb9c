import { basename, dirname } from 'node:path/posix';
import { ConfigError } from '../../errors.js';
import { hash } from '../../evaluate/identity.js';
import type { ReleaseState } from '../../evaluate/pass.js';
import { parseStatus, type Status } from '../../evaluate/status.js';
import { fetchHint, filesAt } from '../../gitops/files-at.js';
import type { LedgerRow } from '../../release/evaluation.js';
import { type LoadedValues, loadValues } from '../../values/load.js';
import type { Project } from '../../values/project.js';
import { asLanded } from '../as-landed.js';
import { isPrepared } from '../landing.js';
import { decodeText } from '../read-text.js';
import { isByHand } from '../release-status.js';
import { valuesFile } from '../workspace.js';
import { type Found, projectAt } from './find-decisions.js';
import { type LedgerLine, ledgerLine, linesAdded } from './ledger-line.js';
import { type Moment, momentOf } from './moment.js';
import type { Place } from './place.js';

/** All that a commit has of a decision: what it rested on, and what it wrote. */
export interface Recorded {
  readonly state: ReleaseState;
  readonly project: Project;
  readonly moment: Moment;
  readonly evidence: RecordedEvidence | undefined;
  /** Windows of the lines before, oldest first: another judge may look further back. */
  readonly earlier: readonly LedgerRow[];
  readonly after: { readonly values: string; readonly status: Status };
}

/** The line of the ledger that a decision added. */
export interface RecordedEvidence {
  readonly hash: string;
  readonly line: LedgerLine;
}

/**
 * Reads a decision and what it rested on, from its commit and the one before.
 *
 * @throws ConfigError that says why it cannot be replayed
 */
export async function recordOf(place: Place, { entry, commit }: Found): Promise<Recorded> {
  const [parent] = commit.parents;
  if (parent === undefined) throw noParent(place, entry.commit);
  const folder = folderOf(commit.paths, place.prefix, entry.commit);
  const before = await filesIn(place, parent, folder);
  const after = await filesIn(place, entry.commit, folder);
  const project = await projectAt(place, parent);
  const values = after.read(valuesFile);
  const loaded = loadedFrom(before, folder, project);
  if (loaded === undefined || values === undefined) throw noValues(before.name(valuesFile));
  const status = statusFrom(before);
  const statusAfter = statusFrom(after);
  const evidence = evidenceFrom(before, after, entry.evidence);
  const standing = { project, evidence, state: { id: entry.release, loaded, status } };
  const clues = {
    date: entry.at,
    newest: evidence?.line.windows.at(-1)?.end,
    interval: loaded.release.analysis?.interval ?? 1,
    delay: project.metrics?.delay ?? 0,
  };
  return {
    state: await stateAt(place, parent, { ...standing, statusAfter }),
    ...{ project, evidence, moment: momentOf(status, statusAfter, clues) },
    earlier: (before.read(ledgerFile) ?? '').split('\n').flatMap((line) => ledgerLine(line)?.windows ?? []),
    after: { values, status: statusAfter },
  };
}

function loadedFrom(
  { read, name }: FilesThen,
  folder: string,
  { namespace, analyses }: Project,
): LoadedValues | undefined {
  const text = read(valuesFile);
  if (text === undefined) return undefined;
  const loaded = loadValues(text, { file: name(valuesFile), name: basename(folder), namespace, analyses });
  return { ...loaded, file: `${folder}/${valuesFile}` };
}

function statusFrom({ read, name }: FilesThen): Status {
  return parseStatus(read('status.yaml'), name('status.yaml'));
}

function evidenceFrom(before: FilesThen, after: FilesThen, trailer: string | undefined): RecordedEvidence | undefined {
  if (trailer === undefined) return undefined;
  const added = linesAdded(before.read(ledgerFile) ?? '', after.read(ledgerFile) ?? '');
  return evidenceIn(added, trailer, after.name(ledgerFile));
}

/** Where the release lay then, from the folder of the workspace. */
function folderOf(paths: readonly string[], prefix: string, commit: string): string {
  const [path] = paths.filter((each) => basename(each) === 'status.yaml' && each.startsWith(prefix));
  if (path !== undefined) return dirname(path.slice(prefix.length));
  throw new ConfigError(
    `Cannot replay ${commit.slice(0, 10)} as a decision of the evaluator: it changes no status.yaml`,
    {
      code: 'cli/no-decision',
      path: commit,
      hint: 'What a person wishes, such as a pause, rests on no evidence; git show tells what it changed.',
    },
  );
}

interface FilesThen {
  read(name: string): string | undefined;
  /** Returns what a file is called in messages. */
  name(file: string): string;
}

const ledgerFile = 'ledger.jsonl';

const ownFiles = [valuesFile, 'status.yaml', ledgerFile];

async function filesIn(place: Place, commit: string, folder: string): Promise<FilesThen> {
  const name = (file: string) => `${commit.slice(0, 10)}:${place.prefix}${folder}/${file}`;
  const found = await filesAt(
    { ...place, commit },
    ownFiles.map((file) => `${folder}/${file}`),
  );
  return {
    name,
    read(file) {
      const bytes = found.get(`${folder}/${file}`);
      return bytes && decodeText(bytes, name(file));
    },
  };
}

/** A release as its files have it. */
interface Standing {
  readonly project: Project;
  readonly evidence: RecordedEvidence | undefined;
  readonly state: ReleaseState;
}

/** What a pass takes for the status: one that waited for a merge counts from there, and a person's is known as such. */
async function stateAt(
  { cwd, config }: Place,
  revision: string,
  { project, evidence, state, statusAfter }: Standing & { readonly statusAfter: Status },
): Promise<ReleaseState> {
  const { status } = state;
  const dated = status.phase === 'Progressing' || isPrepared(status);
  const place = { root: cwd, revision, config };
  const byRequest = project.git.pullRequests !== undefined;
  const landed = await asLanded(state, dated, {
    ...{ place, byRequest, now: Number.POSITIVE_INFINITY },
    // When a request was merged, the evidence tells, or else Git as far as it can; the server is not asked.
    mergeTime: async () => undefined,
    isByHand: (file) => isByHand(place, file),
  });
  const settled = settledAsTold(landed.status.settled, status.settled, statusAfter.settled);
  const decided = dated && byRequest ? asDecidedOn(landed.status, evidence?.line) : landed.status;
  return { ...landed, status: { ...decided, settled } };
}

type Settled = Status['settled'];

/** What came of a landing stands in what was decided on it: an older version, and the server, may have told it otherwise. */
function settledAsTold(landed: Settled, before: Settled, after: Settled): Settled {
  return landed.map((entry, i) => {
    const told = after.find(
      ({ name, identity, outcome }) => name === entry.name && identity === entry.identity && outcome === entry.outcome,
    );
    if (told === undefined) return entry;
    const stays = entry.stays === before[i]?.stays ? entry.stays : told.stays;
    return { ...entry, at: entry.at === before[i]?.at ? entry.at : told.at, stays };
  });
}

function asDecidedOn(status: Status, { since, startedAt }: Partial<LedgerLine> = {}): Status {
  if (since === undefined) return status;
  const started = (name: string | undefined) => {
    const at = startedAt?.[name ?? ''];
    return at === undefined ? {} : { startedAt: at };
  };
  return {
    ...{ ...status, since, ...started(status.candidate) },
    ...(status.others && { others: status.others.map((other) => ({ ...other, ...started(other.name) })) }),
  };
}

function evidenceIn(added: readonly string[], trailer: string, file: string): RecordedEvidence {
  const text = added.find((line) => hash(line) === trailer);
  if (text === undefined)
    throw added.length === 0 ? noLine(file, trailer) : changedLine(file, trailer, hash(added.at(-1) ?? ''));
  const line = ledgerLine(text);
  if (line !== undefined) return { hash: trailer, line };
  throw new ConfigError(`Cannot read the evidence in ${file} as a line of a ledger: it has another shape`, {
    code: 'cli/no-evidence',
    path: file,
    hint: 'Replay it with the version of sluice that decided.',
  });
}

function noParent({ shallow }: Place, commit: string): ConfigError {
  const current = shallow
    ? 'the clone is shallow and ends here, so what it rested on is missing'
    : 'no commit is before it';
  return new ConfigError(`Cannot replay ${commit.slice(0, 10)} as a decision: ${current}`, {
    code: 'cli/no-parent',
    path: commit,
    hint: shallow ? fetchHint : 'A decision changes files that are there before it.',
  });
}

function noValues(file: string): ConfigError {
  return new ConfigError(`Cannot replay the decision on ${file} as one on its values: there are none`, {
    code: 'cli/not-there',
    path: file,
    hint: 'Where a merge moved the folder of the release as well, the commit before the merge tells more.',
  });
}

function noLine(file: string, trailer: string): ConfigError {
  return new ConfigError(`Cannot replay a decision on the evidence ${trailer}: the commit adds no line to ${file}`, {
    code: 'cli/no-evidence',
    path: file,
    hint: 'It cannot be told what was looked at; git log -p FILE shows where the line went.',
  });
}

function changedLine(file: string, trailer: string, found: string): ConfigError {
  return new ConfigError(
    `Cannot trust the evidence in ${file} as that of the decision: its hash is ${found}, the commit says ${trailer}`,
    {
      code: 'cli/changed-evidence',
      path: file,
      hint: 'Somebody changed the line or the message after the decision: ask who may rewrite commits here.',
    },
  );
}
