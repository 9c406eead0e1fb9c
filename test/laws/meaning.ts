import { fitsGateway, fitsIstio, type GatewayCondition, type IstioCondition } from './conditions.js';
import type { HttpRequest } from './matches.js';
import type { WrittenValues } from './releases.js';
import { nameOf, type Written, type WrittenRelease, writtenRelease } from './written.js';

/** Percent by the name of the version. */
export type Percents = Readonly<Record<string, number>>;

/** What the values say of a request, read by hand: nothing of the code that loads, plans or renders has a part in it. */
export interface Meaning {
  readonly answers: Percents;
  readonly copies: Percents;
  /** The path that the condition by which the request took part asks for; undefined where it asks for none. */
  readonly path: string | undefined;
}

interface Conditions {
  readonly match?: readonly IstioCondition[];
  readonly matches?: readonly GatewayCondition[];
}

const iter8Default: Conditions = { match: [{ headers: { traffic: { exact: 'test' } } }] };

/** Returns who answers a request, and who gets a copy of it; undefined where the release serves no such path. */
export function meaningOf(values: WrittenValues, request: HttpRequest): Meaning | undefined {
  const release = writtenRelease(values);
  // The prefix itself is served too, with the slash at its end or without.
  if (!`${request.path}/`.startsWith(release.prefix)) return undefined;
  const primary = nameOf(release, release.primary);
  const alone = { answers: { [primary]: 100 }, copies: {}, path: undefined };
  const routed = release.versions.filter(({ routed: on }) => on !== false);
  switch (release.strategy) {
    case 'canary': {
      for (const each of routed.filter((version) => version !== release.primary)) {
        const fitting = fittingOf(request, each.match || each.matches ? each : iter8Default);
        if (fitting !== undefined) return { ...alone, answers: { [nameOf(release, each)]: 100 }, ...fitting };
      }
      return alone;
    }
    case 'blue-green': {
      const fitting = fittingOf(request, release.application);
      return fitting === undefined ? alone : { ...alone, answers: split(release, routed), ...fitting };
    }
    case 'mirrored': {
      const fitting = fittingOf(request, release.application);
      const candidates = routed.filter((each) => each !== release.primary && weightOf(each) > 0);
      const copies = Object.fromEntries(candidates.map((each) => [nameOf(release, each), weightOf(each)]));
      return fitting === undefined ? alone : { ...alone, copies, ...fitting };
    }
    default:
      return alone;
  }
}

/** The first condition that the request fulfils; none at all fits every request. */
function fittingOf(request: HttpRequest, { match, matches }: Conditions): Pick<Meaning, 'path'> | undefined {
  if (match === undefined && matches === undefined) return { path: undefined };
  const istio = match?.find((each) => fitsIstio(request, each));
  if (istio !== undefined) return { path: istio.uri?.exact ?? istio.uri?.prefix };
  const gateway = matches?.find((each) => fitsGateway(request, each));
  return gateway && { path: gateway.path?.value };
}

/**
 * Whole percents: each gets its quota rounded down, and what is left goes by the largest fraction. Pods are divided by
 * the weights themselves.
 */
function split(release: WrittenRelease, versions: readonly Written[]): Percents {
  const total = versions.reduce((sum, each) => sum + weightOf(each), 0);
  if (release.environment === 'kubernetes') {
    const weighty = versions.filter((each) => weightOf(each) > 0);
    return Object.fromEntries(weighty.map((each) => [nameOf(release, each), (100 * weightOf(each)) / total]));
  }
  const quotas = versions.map((each) => ({ name: nameOf(release, each), exact: 100 * weightOf(each), whole: 0 }));
  for (const quota of quotas) quota.whole = (quota.exact - (quota.exact % total)) / total;
  const left = 100 - quotas.reduce((sum, { whole }) => sum + whole, 0);
  const byFraction = [...quotas].sort((one, other) => (other.exact % total) - (one.exact % total));
  for (const quota of byFraction.slice(0, left)) quota.whole += 1;
  return Object.fromEntries(quotas.filter(({ whole }) => whole > 0).map(({ name, whole }) => [name, whole]));
}

function weightOf({ weight = 50 }: Written): number {
  return weight;
}
