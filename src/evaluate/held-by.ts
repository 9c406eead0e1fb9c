import { oneLine } from '../gitops/one-line.js';
import type { Rollout } from '../release/policy.js';
import { type Freeze, isOver } from '../values/project/freeze.js';

/**
 * Returns why nothing may advance or be promoted, as one sentence; undefined where it may. A freeze that is over is none.
 *
 * @param now Unix seconds
 */
export function heldBy(rollout: Rollout, freeze: Freeze | undefined, now: number): string | undefined {
  const paused = rollout.override && said('paused', rollout.override);
  const frozen = freeze === undefined || isOver(freeze, now) ? undefined : said(frozenWords(freeze), freeze);
  const reasons = [frozen, paused].filter((each) => each !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function frozenWords({ until }: Freeze): string {
  return until === undefined ? 'everything is frozen' : `everything is frozen until ${until}`;
}

function said(
  what: string,
  { by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined },
) {
  const who = by === undefined ? '' : ` by ${oneLine(by)}`;
  return `${what}${who}${reason === undefined ? '' : `: ${oneLine(reason)}`}`;
}
