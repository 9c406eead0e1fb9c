import { isSample, type LedgerRow, type Sample } from '../../../src/release/evaluation.js';
import type { Player } from '../../../src/simulate/player.js';
import type { RunOptions } from '../../../src/simulate/run-release.js';
import type { Scenario } from '../../../src/simulate/scenario.js';
import { candidate } from '../../../src/simulate/stage.js';

/** How somebody decides on a release. */
export interface Rule {
  readonly id: string;
  /** As a table has it. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly text: string;
  /** Where that is written, as Markdown; undefined for what is in this repository. */
  readonly source: string | undefined;
  /** Returns somebody who decides on one release by it; what is known of the time before follows from the run. */
  player(scenario: Scenario, options: RunOptions): Player;
}

/** A file as it was in one commit of a repository on GitHub. */
interface Written {
  readonly repository: string;
  /** The whole hash, so that what was read then can be read again. */
  readonly commit: string;
  readonly path: string;
}

/** Returns a link to a file as Markdown, with its commit. */
export function fileAt({ repository, commit, path }: Written): string {
  return `[${path}](https://github.com/${repository}/blob/${commit}/${path}) of ${repository} at ${commit.slice(0, 7)}`;
}

/** The candidate's percent from here on, or the end. */
export type Decision = number | 'promote' | 'roll back';

/**
 * Returns a player that lets the candidate in after the first window, as everybody does here.
 *
 * @param first the percent that it enters with
 * @param decide is given the windows since then, at least one
 */
export function enterWith(first: number, decide: (rows: readonly LedgerRow[]) => Decision): Player {
  let share = first;
  return {
    turn(rows) {
      const decision = rows.length === 1 ? first : decide(rows.slice(1));
      if (typeof decision === 'number') {
        share = decision;
        return { share, decided: false, judged: rows.length > 1, outcome: undefined };
      }
      const outcome = decision === 'promote' ? 'promoted' : 'rolled back';
      return { share: decision === 'promote' ? 100 : 0, decided: true, judged: true, outcome };
    },
  };
}

/** Returns what the candidate had in the newest window; undefined where that was nothing. */
export function newestOf(rows: readonly LedgerRow[]): Sample | undefined {
  const entry = rows.at(-1)?.versions[candidate];
  return isSample(entry) ? entry : undefined;
}

/** Returns the share of the requests that did not fail. */
export function successOf({ requests, errors }: Sample): number {
  return 1 - errors / requests;
}
