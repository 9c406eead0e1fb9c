import type { Manifest } from '../../src/release/model.js';
import type { RouteMatch, RoutePlan, StringMatch } from '../../src/release/route-plan.js';
import { fulfils, type HttpRequest, type Prefixes } from './matches.js';

/** Percent of the answers by the name of the version. */
export type Answers = Readonly<Record<string, number>>;

interface Text {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}
interface IstioRule {
  readonly match?: readonly {
    readonly uri?: Text;
    readonly method?: Text;
    readonly headers?: Readonly<Record<string, Text>>;
    readonly queryParams?: Readonly<Record<string, Text>>;
  }[];
  readonly rewrite?: { readonly uri?: string };
  readonly route: readonly {
    readonly weight?: number;
    readonly headers?: {
      readonly request?: { readonly set?: Readonly<Record<string, string>> };
      readonly response?: { readonly set?: Readonly<Record<string, string>> };
    };
  }[];
}
interface GatewayNamed {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}
interface GatewayMatch {
  readonly path?: { readonly type: string; readonly value: string };
  readonly headers?: readonly GatewayNamed[];
  readonly queryParams?: readonly GatewayNamed[];
  readonly method?: string;
}
interface GatewayRule {
  readonly matches?: readonly GatewayMatch[];
  readonly backendRefs: readonly {
    readonly weight?: number;
    readonly filters?: readonly {
      readonly responseHeaderModifier?: { readonly set: readonly { readonly name: string; readonly value: string }[] };
    }[];
  }[];
}

/** Returns who answers a request by the plan: its first rule that fits. */
export function plannedAnswers({ rules }: RoutePlan, request: HttpRequest, prefixes: Prefixes): Answers {
  const rule = rules.find(
    ({ matches }) => matches.length === 0 || matches.some((each) => fulfils(request, each, prefixes)),
  );
  return Object.fromEntries(rule?.backends.map(({ version, share }) => [version, share]) ?? []);
}

/**
 * Returns who answers a request by a VirtualService or an HTTPRoute, as their specifications say; versions are known by
 * the header `app-version` of the answer. Undefined where nobody answers.
 */
export function renderedAnswers(route: Manifest, request: HttpRequest): Answers | undefined {
  const spec = route.spec as unknown as { http: IstioRule[]; rules: GatewayRule[] };
  return route.kind === 'VirtualService' ? istioAnswers(spec.http, request) : gatewayAnswers(spec.rules, request);
}

/** The first rule that fits decides; one that names no version in the answer passes the request on, changed. */
function istioAnswers(rules: readonly IstioRule[], request: HttpRequest, hops = 0): Answers | undefined {
  const rule = rules.find(({ match }) => match?.some((each) => fulfils(request, fromIstio(each), 'text')) ?? true);
  if (rule === undefined || hops > 2) return undefined;
  const answers: Record<string, number> = {};
  for (const { weight = 100, headers } of rule.route) {
    const version = headers?.response?.set?.['app-version'];
    const set = Object.entries(headers?.request?.set ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    const next = {
      ...request,
      path: rule.rewrite?.uri ?? request.path,
      headers: { ...request.headers, ...Object.fromEntries(set) },
    };
    const parts = version === undefined ? istioAnswers(rules, next, hops + 1) : { [version]: 100 };
    if (parts === undefined) return undefined;
    for (const [name, share] of Object.entries(parts)) answers[name] = (answers[name] ?? 0) + (share * weight) / 100;
  }
  return answers;
}

function fromIstio({
  uri,
  method,
  headers = {},
  queryParams = {},
}: NonNullable<IstioRule['match']>[number]): RouteMatch {
  const named = (entries: Readonly<Record<string, Text>>) =>
    Object.entries(entries).map(([name, text]) => ({ name, match: fromText(text) }));
  return {
    place: [],
    headers: named(headers),
    query: named(queryParams),
    path: uri && fromText(uri),
    method: method?.exact,
    istio: undefined,
  };
}

function fromText({ exact, prefix, regex }: Text): StringMatch {
  if (exact !== undefined) return { kind: 'exact', value: exact };
  return prefix === undefined ? { kind: 'regex', value: regex ?? '' } : { kind: 'prefix', value: prefix };
}

/** The most specific match decides: path, method, number of headers, number of query parameters, then the order. */
function gatewayAnswers(rules: readonly GatewayRule[], request: HttpRequest): Answers | undefined {
  const [best] = rules
    .flatMap((rule) => (rule.matches ?? [{}]).map((match) => ({ rule, match })))
    .filter(({ match }) => fulfils(request, fromGateway(match), 'elements'))
    .sort((a, b) => compare(rank(b.match), rank(a.match)));
  if (best === undefined) return undefined;
  const total = best.rule.backendRefs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return Object.fromEntries(
    best.rule.backendRefs.map(({ weight = 1, filters = [] }) => {
      const set = filters.flatMap(({ responseHeaderModifier }) => responseHeaderModifier?.set ?? []);
      return [set.find(({ name }) => name === 'app-version')?.value ?? '', (weight * 100) / total];
    }),
  );
}

/** Of headers whose names differ in case alone, only the first counts. */
function fromGateway({ path, headers = [], queryParams = [], method }: GatewayMatch): RouteMatch {
  const kinds: Record<string, StringMatch['kind']> = {
    Exact: 'exact',
    PathPrefix: 'prefix',
    RegularExpression: 'regex',
  };
  const named = (entries: readonly GatewayNamed[]) =>
    entries.map(({ type = 'Exact', name, value }) => ({ name, match: { kind: kinds[type] ?? 'exact', value } }));
  const first = headers.filter(
    ({ name }, i) => headers.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === i,
  );
  return {
    place: [],
    headers: named(first),
    query: named(queryParams),
    path: path && { kind: kinds[path.type] ?? 'prefix', value: path.value },
    method,
    istio: undefined,
  };
}

function rank({ path, method, headers = [], queryParams = [] }: GatewayMatch): number[] {
  const exact = path?.type === 'Exact' ? 1 : 0;
  return [exact, path?.value.length ?? 1, method === undefined ? 0 : 1, headers.length, queryParams.length];
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((each, i) => each - (b[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
