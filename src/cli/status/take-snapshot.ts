import type { Io } from '../io.js';
import { readStatus } from './read.js';
import { type Snapshot, snapshotOf } from './snapshot.js';

/** What is asked for. */
export interface StatusQuestion {
  /** Of one release; undefined for all. */
  readonly name: string | undefined;
  /** Whether the metrics source is asked as well. */
  readonly isLive: boolean;
}

/** Reads what is to be shown. */
export async function takeSnapshot({ name, isLive }: StatusQuestion, { cwd, now }: Io): Promise<Snapshot> {
  const reading = await readStatus(cwd, name);
  if (!isLive) return snapshotOf(reading, now(), undefined);
  const { liveFinding } = await import('./live.js');
  const finding = await liveFinding(reading, now());
  return snapshotOf(reading, now(), finding);
}
