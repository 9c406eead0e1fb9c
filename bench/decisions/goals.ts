import { type Cell, isEqualOf } from './cells.js';
import type { Found } from './play.js';
import { rules } from './rules/registry.js';
import { sluice } from './rules/sluice.js';

/** What sluice does in a cell, held against a goal. */
export interface Goal {
  readonly cell: string;
  readonly kind: 'false rollback' | 'false promotion' | 'excess';
  readonly met: boolean;
  /** Whether the chance of so many runs explains a miss. */
  readonly unsure: boolean;
  readonly text: string;
}

const MOST_FALSE_ROLLBACKS = 0.01;
const MOST_FALSE_PROMOTIONS = 0.05;
/** A peer that rolls back more good candidates than that is no example. */
const MOST_OF_A_PEER = 0.05;

/** Returns what was found of a rule in a cell. */
export type Lookup = (cell: Cell, rule: string) => Found;

/** Returns every goal in every cell that it is for. */
export function goalsOf(cells: readonly Cell[], found: Lookup): Goal[] {
  return cells.flatMap((cell) => {
    if (cell.harm === undefined) return [falseRollback(cell, found)];
    const promotion = cell.harm.startsWith('+1 pp') && cell.rate >= 20 ? [falsePromotion(cell, found)] : [];
    return [...promotion, excess(cell, cells, found)];
  });
}

function falseRollback(cell: Cell, found: Lookup): Goal {
  const { rolledBack } = found(cell, sluice.id).summary;
  return {
    ...{ cell: cell.name, kind: 'false rollback', met: rolledBack.share <= MOST_FALSE_ROLLBACKS },
    unsure: rolledBack.from <= MOST_FALSE_ROLLBACKS,
    text: `rolls back ${percents(rolledBack)} of good candidates, at most 1 %`,
  };
}

function falsePromotion(cell: Cell, found: Lookup): Goal {
  const { promoted, promotedBeforeOnset } = found(cell, sluice.id).summary;
  const early = promotedBeforeOnset.count === 0 ? '' : `, ${percent(promotedBeforeOnset.share)} before it began`;
  return {
    ...{ cell: cell.name, kind: 'false promotion', met: promoted.share <= MOST_FALSE_PROMOTIONS },
    unsure: promoted.from <= MOST_FALSE_PROMOTIONS,
    text: `promotes ${percents(promoted)}${early}, at most 5 %`,
  };
}

function excess(cell: Cell, cells: readonly Cell[], found: Lookup): Goal {
  const own = found(cell, sluice.id);
  const best = bestPeer(cell, cells, found);
  const unit = cell.scenario.regression?.latency === 1 ? 'failures' : 'slow requests';
  const met = best === undefined || own.excess <= best.excess;
  const noise = best === undefined ? 0 : 2 * Math.hypot(own.error, best.error);
  const name = rules.find(({ id }) => id === best?.rule)?.name;
  const beside = best === undefined ? 'no peer rolls back under 5 %' : `${name} ${count(best.excess)}`;
  return {
    ...{ cell: cell.name, kind: 'excess', met, unsure: best !== undefined && own.excess - best.excess <= noise },
    text: `${count(own.excess)} ${unit}; best peer: ${beside}`,
  };
}

/** Returns the peer that costs least among those that seldom roll back a good candidate of the same service. */
export function bestPeer(cell: Cell, cells: readonly Cell[], found: Lookup): Found | undefined {
  const peers = rules.filter(({ id }) => id !== sluice.id && isEligible(cell, cells, { found, rule: id }));
  return peers.map(({ id }) => found(cell, id)).sort((a, b) => a.excess - b.excess)[0];
}

/** Whether a rule seldom rolls back a good candidate of the service of a cell. */
export function isEligible(
  cell: Cell,
  cells: readonly Cell[],
  { found, rule }: { readonly found: Lookup; readonly rule: string },
): boolean {
  const equal = cells.find((other) => isEqualOf(cell, other));
  return equal !== undefined && found(equal, rule).summary.rolledBack.share < MOST_OF_A_PEER;
}

/** With Wilson's interval. */
export function percents({ share, from, to }: { readonly share: number; readonly from: number; readonly to: number }) {
  return `${percent(share)} (${(100 * from).toFixed(1)} to ${percent(to)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Three digits, and all before the point. */
export function count(number: number): string {
  return (number < 100 ? Number(number.toPrecision(2)) : Math.round(number)).toLocaleString('en');
}
