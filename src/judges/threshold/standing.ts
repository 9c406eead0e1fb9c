import { isSample } from '../../release/evaluation.js';
import type { Standing } from '../../release/judge.js';
import { missingIn } from '../words.js';
import { standingOfAll } from './all-windows.js';
import { assess } from './assess.js';
import { standingOfEach } from './each-window.js';
import { lookAt, needed, type OneInput } from './look.js';

/**
 * Returns where one candidate stands: by all windows together, or by each for itself as the settings say. A fail stays
 * one, but nothing passes by an old window: in the newest one every version has traffic, and every metric a value.
 */
export function standingOf(input: OneInput): Standing {
  const each = input.settings.threshold?.windows === 'each';
  const standing = each ? standingOfEach(input) : standingOfAll(input);
  const newest = input.ledger.rows.at(-1);
  const versions = needed(input);
  if (standing.outcome === 'fail') return standing;
  if (!versions.every((name) => isSample(newest?.versions[name]))) {
    return unknown(standing, missingIn(newest, versions));
  }
  if (standing.outcome !== 'pass') return standing;
  const findings = assess(
    input.objectives,
    lookAt({ ...input, ledger: { ...input.ledger, rows: newest ? [newest] : [] } }),
  );
  const silent = findings.find(({ assessment }) => assessment.classification === 'nodata');
  return silent === undefined
    ? standing
    : unknown(standing, `${input.candidate} ${silent.reason} in the newest window`);
}

/** What was measured earlier says nothing of now. */
function unknown({ version, assessments }: Standing, sentence: string): Standing {
  const nothing = { classification: 'nodata', value: undefined, baseline: undefined, limit: undefined } as const;
  return {
    version,
    outcome: 'inconclusive',
    sentence,
    assessments: assessments.map(({ metric }) => ({ metric, ...nothing })),
  };
}
