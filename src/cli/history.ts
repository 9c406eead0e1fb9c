import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../errors.js';
import { hash } from '../evaluate/identity.js';
import { historyPlace, readHistory } from '../gitops/history.js';
import { oneLine } from '../gitops/one-line.js';
import { isInside } from '../values/project.js';
import type { CommandInput } from './command.js';
import { isTime } from './git-time.js';
import { type HistoryEntry, historyEntries, type Skipped } from './history-entries.js';
import { historyLines } from './history-report.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';
import { outputFormat } from './output-format.js';
import { readTextInsideIfThere } from './read-inside.js';
import { printed } from './status/columns.js';
import { columnsFor } from './status/view.js';
import { openWorkspace, valuesFile, type Workspace } from './workspace.js';

/** Prints the decisions on one release or all, as the commits of the branch tell them, newest first. */
export async function history({ argument, options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the history', ['text', 'json']);
  const most = mostOf(options.number);
  const workspace = openWorkspace(io.cwd);
  const { releases, rendered } = workspace.project;
  const place = await historyPlace(io.cwd, sinceOf(options.since));
  assertTime(place.since, options.since);
  const read = await readHistory(io.cwd, place, releases);
  const { entries, skipped } = historyEntries(read, { prefix: read.prefix, releases, rendered });

  const meant = entries.filter((entry) => isOf(entry, argument));
  if (meant.length === 0 && argument !== undefined) assertRelease(workspace, argument);
  const wanted = meant.filter(({ at }) => place.since === undefined || Date.parse(at) / 1000 >= place.since);
  const shown = wanted.slice(0, most);
  const kept = ledgerReader(workspace);
  notice(io, { skipped, shallow: read.shallow });
  if (format === 'json') {
    const decisions = shown.map((entry) => ({ ...entry, inLedger: kept(entry) }));
    io.stdout.write(`${JSON.stringify({ shallow: read.shallow, entries: decisions, skipped }, null, 2)}\n`);
    return exitCodes.done;
  }
  const view = { columns: columnsFor(io.stdout), verbose: options.verbose === true, kept };
  io.stdout.write(printed(historyLines(shown, view), isColourful(io.stdout, process.env)));
  if (shown.length === 0) io.stdout.write('no decisions\n');
  if (wanted.length > shown.length)
    io.stderr.write(`${wanted.length - shown.length} more are older; -n ${wanted.length} shows them all\n`);
  return exitCodes.done;
}

const usual = 20;

function mostOf(number: unknown): number {
  if (number === undefined) return usual;
  if (/^[1-9]\d{0,8}$/.test(String(number))) return Number(number);
  throw new ConfigError(`Cannot print so many decisions: ${oneLine(String(number))}`, {
    code: 'cli/arguments',
    hint: 'Give a whole number of at least 1, such as -n 50.',
  });
}

function sinceOf(since: unknown): string | undefined {
  return since === undefined ? undefined : String(since);
}

/** git takes words that it does not know for now, by its own clock, and that would be a history without decisions. */
function assertTime(seconds: number | undefined, since: unknown): void {
  if (seconds === undefined || (seconds < Date.now() / 1000 - 2 && isTime(String(since)))) return;
  throw new ConfigError(`Cannot read ${JSON.stringify(oneLine(String(since)))} as a time in the past`, {
    code: 'cli/arguments',
    hint: "Give a date or a distance as git reads it, such as 2026-11-01 or '2 weeks ago'.",
  });
}

function isOf({ release }: HistoryEntry, name: string | undefined): boolean {
  return name === undefined || release === name || release.endsWith(`/${name}`);
}

/** A release that is gone has a history; a name that nothing was ever called is a mistake. */
function assertRelease({ root, project }: Workspace, name: string): void {
  const folder = join(root, project.releases, name);
  if (isInside(name) && existsSync(join(folder, valuesFile))) return;
  throw new ConfigError(`Cannot find the release ${oneLine(name)}: no commit here tells of it`, {
    code: 'cli/no-such-release',
    path: oneLine(name),
    hint: 'Give its folder below that of the releases, or the end of it; sluice history lists what there is.',
  });
}

/** Returns what says whether the evidence of an entry is in the ledger of its release; undefined where there is none. */
function ledgerReader({ root, project }: Workspace): (entry: HistoryEntry) => boolean | undefined {
  const hashes = new Map<string, ReadonlySet<string>>();
  // A release is what a commit says it is, so its name may lead anywhere.
  const ledgerOf = (path: string) => {
    return isInside(path) ? (readTextInsideIfThere(root, path) ?? '').split('\n') : [];
  };
  return ({ release, evidence }) => {
    if (evidence === undefined) return undefined;
    const known = hashes.get(release) ?? new Set(ledgerOf(`${project.releases}/${release}/ledger.jsonl`).map(hash));
    hashes.set(release, known);
    return known.has(evidence);
  };
}

const mostNamed = 3;

function notice({ stderr }: Io, { skipped, shallow }: { skipped: readonly Skipped[]; shallow: boolean }): void {
  for (const { commit, reason } of skipped.slice(0, mostNamed)) {
    stderr.write(`skipped ${commit.slice(0, 10)}: ${reason}, so it is none of sluice's\n`);
  }
  if (skipped.length > mostNamed) stderr.write(`skipped ${skipped.length - mostNamed} more of that kind\n`);
  if (shallow) stderr.write('this clone is shallow: what is older is not here; git fetch --unshallow brings it\n');
}
