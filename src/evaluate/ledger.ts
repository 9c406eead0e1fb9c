import { isSample, type Ledger, type LedgerRow, type SampleAnswer, type Subject } from '../release/evaluation.js';
import { deploymentName, versionNamed } from '../release/model.js';
import { preparedRelease } from '../values/prepared-release.js';
import type { ResolvedRelease } from '../values/resolve.js';

/** The windows that are wanted; ends in Unix seconds, multiples of the interval. */
export interface Windows {
  readonly interval: number;
  readonly firstEnd: number;
  readonly lastEnd: number;
}

/** The most windows that a decision looks back on: a day of minutes, and well below what Prometheus answers at once. */
const MOST_WINDOWS = 1440;

/** Returns the windows that start at `since` or later and have ended `delay` seconds before `now`; undefined for none. */
export function windowsSince(
  since: number,
  { interval, now, delay }: { interval: number; now: number; delay: number },
) {
  const start = Math.ceil(since / interval) * interval + interval;
  const lastEnd = lastWindowEnd(interval, now - delay);
  const firstEnd = Math.max(start, lastEnd - (MOST_WINDOWS - 1) * interval);
  return lastEnd < start ? undefined : ({ interval, firstEnd, lastEnd } satisfies Windows);
}

/** Returns the end of the newest window that has ended by `time`. */
export function lastWindowEnd(interval: number, time: number): number {
  return Math.floor(time / interval) * interval;
}

/** Returns by version name whose traffic tells how these versions do. */
export function subjectsOf(release: ResolvedRelease, versions: readonly string[]): Record<string, Subject> {
  const { environment, strategy } = release;
  const prepared = environment.measured && preparedRelease(release);
  const subjects = versions.map((name): [string, Subject] => {
    const version = versionNamed(release.model, name);
    const { namespace, service } = version.address;
    const subject: Subject = {
      release: release.model.name,
      version: name,
      environment: environment.id,
      namespace,
      service,
      workload: deploymentName(version),
      reporter: strategy.reporter,
    };
    return [name, { ...subject, ...(prepared && environment.measured?.(version, prepared)) }];
  });
  return Object.fromEntries(subjects);
}

/** Returns the ledger of the versions in these windows, oldest first. */
export function ledgerOf(subjects: Record<string, Subject>, windows: Windows, answer: SampleAnswer): Ledger {
  const rows: LedgerRow[] = [];
  for (let end = windows.firstEnd; end <= windows.lastEnd; end += windows.interval) {
    const versions = Object.entries(subjects).map(([name, subject]) => {
      const entry = answer.sample(subject, end);
      return [name, isSample(entry) ? entry : { missing: entry.missing }] as const;
    });
    rows.push({ end, versions: Object.fromEntries(versions) });
  }
  return { interval: windows.interval, rows };
}
