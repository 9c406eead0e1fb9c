import { isSample } from '../../release/evaluation.js';
import type { Shares } from '../../release/policy.js';
import { amountOf } from '../moves-of.js';
import { mostFor, prepared } from './baseline.js';
import type { Seen } from './scene.js';
import type { Step } from './state.js';
import { listed } from './step-parts.js';
import { hold, reshare } from './steps.js';

/** The primary keeps at least so much of the requests beside those that are let in. */
const LEAST_FOR_PRIMARY = 1;

/**
 * Returns the percents of those that are let in now, by name; none without data of the primary, since nothing is exposed
 * in the dark. Together the candidates that no verdict has moved yet have at most the entry share: who finds no room waits.
 *
 * @param shares what those under analysis are to have
 * @param raised those of them that a verdict moves just now
 */
export function admittedTo(
  { scene, state, look, stand }: Seen,
  shares: Shares = {},
  raised: readonly string[] = [],
): Shares {
  const baseline = look.evidence?.baseline;
  if (!isSample(baseline)) return {};
  const { waiting, progressing } = stand;
  const traffic = progressing.length > 0 ? state.traffic : baseline.requests;
  const entry = Math.min(scene.policy.entryShare(scene.rollout, traffic), mostFor(scene, 1));
  const exposed = scene.others.filter(({ share }) => share > 0).length;
  const places = Math.max(0, scene.together - exposed);
  if (scene.moves !== 'shares') {
    return Object.fromEntries(waiting.slice(0, places).map(({ name }) => [name, scene.grant(entry)]));
  }
  // A strategy that gives every candidate the same cannot divide the entry share.
  if (scene.grant(1) !== 1) {
    return exposed > 0 ? {} : Object.fromEntries(waiting.slice(0, 1).map(({ name }) => [name, scene.grant(entry)]));
  }
  const unjudged = progressing.filter(({ name, judged }) => !judged && !raised.includes(name));
  const given = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const room = Math.min(
    entry - unjudged.reduce((sum, { name }) => sum + (shares[name] ?? 0), 0),
    100 - LEAST_FOR_PRIMARY - given,
  );
  const entering = waiting.slice(0, Math.max(0, Math.min(places, room)));
  const each = Math.floor(room / Math.max(1, entering.length));
  return Object.fromEntries(entering.map(({ name }) => [name, each]));
}

/** Lets in who waits, where nobody is under analysis. */
export function entering(seen: Seen): Step {
  const { scene, look, stand, ground } = seen;
  const [first, ...others] = stand.waiting;
  const about = first === undefined ? [] : [first, ...others].slice(0, scene.together);
  if (look.held !== undefined)
    return hold(about, `${listed(about)} ${about.length === 1 ? 'waits' : 'wait'}: ${look.held}`);
  const baseline = look.evidence?.baseline;
  if (!isSample(baseline)) {
    const reason = `${scene.primary.name} has ${baseline?.missing ?? 'no data'}, so ${listed(about)} ${about.length === 1 ? 'is' : 'are'} not let in`;
    return hold(about, reason);
  }
  const preparing = prepared(seen, about, baseline.requests);
  if (preparing !== undefined) return preparing;
  const shares = admittedTo(seen);
  const named = Object.entries(shares);
  const [, share = 0] = named[0] ?? [];
  if (named.length === 0) return hold(about, `there is no room for ${listed(about)}`);
  const how = { shares: 'at', copies: 'with', nothing: 'for' }[scene.moves];
  const who = named.length === 1 ? `${named[0]?.[0]} enters` : `${listed(named.map(([name]) => name))} enter`;
  const reason = `${who} ${how} ${amountOf(scene.moves, share)}${named.length === 1 ? '' : ' each'}; ${scene.primary.name} answers ${baseline.requests.toLocaleString('en')} requests a window`;
  const { interval } = scene.analysis;
  const fresh = Object.keys(shares);
  return reshare(ground, shares, { reason, interval, fresh, judged: [], traffic: baseline.requests });
}
