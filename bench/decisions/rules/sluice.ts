import { verdictOf } from '../../../src/judges/sequential/verdict.js';
import type { Player, Turn } from '../../../src/simulate/player.js';
import { playerOf } from '../../../src/simulate/simulate.js';
import type { Rule } from './rule.js';

/** Windows between two looks at a release that was inconclusive: one each would take most of the time of all. */
const SELDOM = 30;

/** What `sluice simulate` plays without any setting: the judge sequential and the policy risk-budget. */
export const sluice = {
  id: 'sluice',
  name: 'sluice',
  text: 'evidence that holds however often it is looked at; the share follows a budget of bad requests; promoted after an hour at the earliest; after three hours it is inconclusive, keeps its share and is watched on',
  source: undefined,
  player: (scenario, options) => watchingOn(playerOf(scenario, verdictOf, options)),
} as const satisfies Rule;

function watchingOn(player: Player): Player {
  let last: Turn | undefined;
  return {
    turn(rows, now) {
      const rests = last?.outcome === 'inconclusive' && rows.length % SELDOM > 0;
      last = rests && last !== undefined ? { ...last, decided: false, judged: false } : player.turn(rows, now);
      return last;
    },
  };
}
