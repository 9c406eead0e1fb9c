import { ConfigError } from '../../errors.js';
import type { CommandInput } from '../command.js';
import type { Pass } from '../evaluate.js';
import { reportAsData } from '../evaluate-report.js';
import type { Io } from '../io.js';
import { dueAfter, shortestInterval, type Timing, usualInterval } from './due.js';
import { type Bounds, endingOf } from './ending.js';
import { errorFields, jsonLine, logReport } from './log.js';
import { addPass, commitsOf, outcomeOf, type Spent, type Tally } from './tally.js';

/** How passes follow each other. */
export interface Run extends Bounds {
  readonly tally: Tally;
  /** Seconds; undefined for the shortest interval of the releases. */
  readonly every: number | undefined;
  /** Whether each pass is printed as a line of JSON. */
  readonly isJson: boolean;
}

/**
 * Makes passes on the interval until it is to stop; returns whether nothing of the last one is still under way.
 *
 * @throws ConfigError of the first pass
 */
export async function passes(input: CommandInput, io: Io, run: Run): Promise<boolean> {
  const { stop, tally, log, every } = run;
  let timing: Timing = { interval: every ?? usualInterval, delay: 0 };
  let held: ReadonlyMap<string, string> = new Map();
  for (let isFirst = true; !stop.aborted; isFirst = false) {
    const [begun, mark] = [io.now(), performance.now()];
    const ending = await endingOf(input, io, run);
    const spent = { ended: io.now(), seconds: (performance.now() - mark) / 1000 };
    if (ending.kind === 'given up') {
      log('info', 'given up', { reason: ending.reason });
      return false;
    }
    if (ending.kind === 'ended') {
      const { selected, delay } = ending.pass;
      timing = { interval: every ?? shortestInterval(selected), delay };
      Object.assign(tally, { interval: timing.interval, releases: selected.length });
      held = tell(ending.pass, { ...run, io, held, spent });
    } else {
      if (isFirst && ending.error instanceof ConfigError) throw ending.error;
      addPass(tally, spent);
      log('error', 'pass', { outcome: outcomeOf(undefined), ...errorFields(ending.error) });
    }
    await untilDue(begun, timing, { ...run, now: () => io.now() });
  }
  return true;
}

/** Counts and tells what a pass did, and returns the reasons of who is held. */
function tell(
  { report, selected }: Pass,
  { io, tally, log, isJson, held, spent }: Run & { io: Io; held: ReadonlyMap<string, string>; spent: Spent },
): ReadonlyMap<string, string> {
  addPass(tally, spent, report);
  const holding = logReport(report, log, held);
  log('info', 'pass', {
    outcome: outcomeOf(report),
    seconds: Number(spent.seconds.toFixed(3)),
    releases: selected.length,
    commits: commitsOf(report),
    failures: report.failures.length,
  });
  if (isJson) io.stdout.write(jsonLine(reportAsData(report)));
  return holding;
}

/** The clock may be set meanwhile, and a machine may sleep: so it is looked at this often, in seconds. */
const longestNap = 10;

/** Waits until the next pass is due; not at all where one took longer than the interval. */
async function untilDue(
  begun: number,
  timing: Timing,
  { stop, sleep, now }: Bounds & { now(): number },
): Promise<void> {
  let from = begun;
  while (!stop.aborted) {
    // A clock that was set back begins anew: what was due by the old one may be hours away.
    from = Math.min(from, now());
    const left = dueAfter(from, timing) - now();
    if (left <= 0) return;
    await sleep(Math.min(left, longestNap), stop);
  }
}
