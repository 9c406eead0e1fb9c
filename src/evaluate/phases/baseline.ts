import { isSample } from '../../release/evaluation.js';
import { isoTime } from '../../release/iso-time.js';
import { mostBeside } from '../../release/most-beside.js';
import type { Shares } from '../../release/policy.js';
import type { Seen } from './scene.js';
import type { Stand } from './stand.js';
import { type Cast, type Deployed, type Exposed, isLive, type State, type Step } from './state.js';
import { after, type Ground, listed, namesOf, sharesOf, staying } from './step-parts.js';
import { hold, noted } from './steps.js';

/** Seconds until a commit is in the cluster and pods are ready: Argo CD looks every 3 minutes. */
export const STARTING = 300;

const MAX_NAME = 63;
const SUFFIX = '-baseline';

/** Returns the name of the version that candidates are compared with. */
export function comparedIn({ fresh, baseline, primary }: Cast): string {
  return fresh === true && baseline !== undefined ? baseline.name : primary.name;
}

/** As `comparedIn`, but the primary while the baseline has no traffic. */
export function besideIn(cast: Cast): string {
  return (cast.baseline?.share ?? 0) > 0 ? comparedIn(cast) : cast.primary.name;
}

/** Returns the most that each of so many candidates may have, in percent. */
export function mostFor({ fresh }: Cast, candidates: number): number {
  return fresh === true ? mostBeside(candidates) : 100;
}

/**
 * Returns a step with what becomes of the baseline by it: as much as the largest share under analysis, nothing once nobody
 * is. While a promotion is watched it stays, since the evidence of before was counted beside it.
 *
 * @param held whether nothing may get more
 */
export function withBaseline({ cast, state: before, now }: Ground, step: Step, held = false): Step {
  const { state, route } = step;
  const { baseline } = cast;
  if (state === undefined || baseline === undefined || route?.kind === 'add' || route?.kind === 'remove') return step;
  const shares = { ...sharesOf(exposedIn(cast)), ...(route?.kind === 'shares' && route.shares) };
  const wanted = route?.kind === 'promote' ? 0 : shareBeside(cast, state, shares);
  const share = held || !isReady(cast, before, now) ? Math.min(wanted, baseline.share) : wanted;
  const isMoved = route?.kind === 'shares' || (route === undefined && share !== baseline.share);
  const deployed = deployedAs(before, { name: baseline.name, had: baseline.share, share, now }, state);
  return {
    ...step,
    route: isMoved ? { kind: 'shares', shares: { ...shares, [baseline.name]: share } } : route,
    state: { ...state, baseline: deployed },
  };
}

/** Whether its pods can be there. */
function isReady({ baseline }: Cast, { baseline: known }: State, now: number): boolean {
  if (baseline === undefined || baseline.share > 0) return true;
  return known?.name === baseline.name && now >= known.since + STARTING;
}

function exposedIn({ others }: Cast): readonly Exposed[] {
  return others.filter(({ share }) => share > 0);
}

function shareBeside({ fresh, baseline, others }: Cast, state: State, shares: Shares): number {
  if (fresh !== true || !isLive(state)) return 0;
  const watched = state.trials.filter(({ share }) => share !== undefined).map(({ name }) => shares[name] ?? 0);
  const given = others.reduce((sum, { name }) => sum + (shares[name] ?? 0), 0);
  return baseline === undefined ? 0 : Math.max(0, Math.min(Math.max(0, ...watched), mostBeside(0) - given));
}

function deployedAs(
  { baseline: was, phase }: State,
  { name, had, share, now }: { name: string; had: number; share: number; now: number },
  after: State,
): Deployed {
  const known = was?.name === name ? was : undefined;
  if (share > 0 || after.phase === 'Promoting') return { name, since: known?.since ?? now, leaving: false };
  const isNew = had === 0 && known !== undefined && phase !== 'Promoting';
  return isNew ? known : { name, since: now, leaving: true };
}

/**
 * Brings the baseline to the share that it should have, where a person or a change of the settings gave it another one.
 * While nothing may advance it gets no more.
 */
export function evened(seen: Seen): Step | undefined {
  const { scene, state, stand, look, ground } = seen;
  const { baseline } = scene;
  if (baseline === undefined) return undefined;
  const wanted = shareBeside(scene, state, sharesOf(exposedIn(scene)));
  const share = look.held !== undefined || isLacking(seen) ? Math.min(wanted, baseline.share) : wanted;
  const isKnown = state.baseline?.name === baseline.name;
  if (isKnown && (share === baseline.share || stand.adopting.length > 0)) return undefined;
  const { phase, paused, former, downSince } = state;
  const reason =
    share === baseline.share
      ? `${baseline.name} stands there as a baseline by no decision of ours`
      : `${baseline.name} has ${baseline.share} % by no decision of ours: as a baseline it gets ${share} %`;
  const isJudged = stand.progressing.length > 0 && share !== baseline.share;
  const since = isJudged ? Math.ceil(look.now / scene.analysis.interval) * scene.analysis.interval : state.since;
  return noted(ground, stand.progressing, { phase, paused, former, downSince, since, reason });
}

/** Returns why those under analysis are not beside a baseline that is like them; undefined where they are. */
export function unlike({ scene, state, stand }: Seen): string | undefined {
  const { fresh, baseline, primary } = scene;
  // A primary that changes pauses the analysis; the copy is looked at when it goes on.
  if (fresh !== true || stand.progressing.length === 0 || state.paused !== undefined) return undefined;
  const names = listed(stand.progressing);
  // Nobody has added one yet: these were routed by hand.
  if (baseline === undefined && state.baseline === undefined) return undefined;
  if (baseline === undefined) return 'there is no fresh baseline';
  if (stand.progressing.some(({ name }) => baseline.fits.includes(name))) return undefined;
  return `${baseline.name} is no copy of ${primary.name} at the size of ${names} any more`;
}

/** Whether those under analysis are beside the primary, since nothing could be added or routed when a person routed them. */
export function isLacking({ scene, state, stand }: Pick<Seen, 'scene' | 'state' | 'stand'>): boolean {
  const { fresh, baseline } = scene;
  return fresh === true && stand.progressing.length > 0 && state.paused === undefined && (baseline?.share ?? 0) === 0;
}

/**
 * Deploys a baseline beside those that are to be routed, and waits until it can be routed; undefined where it is ready, and
 * where nothing may be added: until then they are compared with the primary.
 */
export function prepared(
  { scene, state, look, ground }: Seen,
  about: readonly Exposed[],
  traffic?: number,
): Step | undefined {
  const { fresh, baseline, primary } = scene;
  const [first] = about;
  if (fresh !== true || first === undefined || (baseline?.share ?? 0) > 0 || look.held !== undefined) return undefined;
  const readyAt = (state.baseline?.since ?? look.now) + STARTING;
  if (baseline !== undefined) {
    if (look.now >= readyAt) return undefined;
    return hold(
      about,
      `${listed(about)} ${wait(about)}: ${baseline.name} is deployed, and routed from ${isoTime(readyAt)} on`,
    );
  }
  const name = baselineNameIn(scene);
  const reason = `${name}, a copy of ${primary.name} at the size of ${first.name}, is added without traffic; it is routed from ${isoTime(look.now + STARTING)} on`;
  const { trials, settled, since, paused } = state;
  const goesOn = isLive(state) && { since, paused };
  const phase = isLive(state) ? state.phase : 'Initializing';
  const deployed = { name, since: look.now, leaving: false };
  const remembered = after(ground, reason, { phase, trials, settled, traffic, ...goesOn, baseline: deployed });
  const route = { kind: 'add', version: name, beside: first.name } as const;
  return { kind: 'hold', moved: about.slice(0, 1).map(staying), reason, route, state: remembered };
}

/** Returns a name for a baseline that is valid where the primary's is, and is nobody's yet. */
export function baselineNameIn({ primary, others }: Cast): string {
  const taken = namesOf([primary, ...others]);
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? SUFFIX : `${SUFFIX}-${count}`;
    const name = `${withoutDash(primary.name.slice(0, MAX_NAME - suffix.length))}${suffix}`;
    if (!taken.includes(name)) return name;
  }
}

function withoutDash(name: string): string {
  return name.endsWith('-') ? withoutDash(name.slice(0, -1)) : name;
}

/** Whether the entry of the baseline is to go, as nobody is compared with it any more. */
export function isBaselineLeaving({ scene, state, stand, look }: Omit<Seen, 'ground'>): boolean {
  const { baseline, fresh } = scene;
  if (baseline === undefined || baseline.share > 0 || look.held !== undefined) return false;
  if (stand.progressing.length > 0 || state.phase === 'Promoting') return false;
  const [first] = nextIn(stand);
  return (
    state.baseline?.leaving === true || fresh !== true || first === undefined || !baseline.fits.includes(first.name)
  );
}

/** Who is to be compared with a baseline: nobody is let in beside one whose analysis is over and that keeps what it has. */
function nextIn({ adopting, waiting, ended }: Stand): readonly Exposed[] {
  return ended.length > 0 ? adopting : [...adopting, ...waiting];
}

/** Takes the entry of the baseline out, where a whole window confirms that it has left the route. */
export function baselineLeaves({ scene, state, stand, look, ground }: Seen): Step {
  const { baseline: primary, former } = look.evidence ?? {};
  const { interval } = scene.analysis;
  const name = scene.baseline?.name ?? '';
  const since = Math.ceil((state.baseline?.since ?? look.now) / interval) * interval;
  const isWhole = since + interval + look.delay <= look.now;
  const next = nextIn(stand);
  if (former === undefined || isSample(former) || !isSample(primary) || !isWhole) {
    const waits = next.length === 0 ? '' : `; ${listed(next)} ${wait(next)} until then`;
    return hold(next, `the entry of ${name} is taken out once no request reaches it${waits}`);
  }
  const reason = `${name} has left the route and gets no requests (${former.missing}): its entry is taken out`;
  const { phase, paused, former: before, downSince } = state;
  const step = noted(ground, [{ name, share: 0, identity: '' }], { phase, paused, former: before, downSince, reason });
  return { ...step, route: { kind: 'remove', version: name } };
}

function wait({ length }: readonly Exposed[]): string {
  return length === 1 ? 'waits' : 'wait';
}
