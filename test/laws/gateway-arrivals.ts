import type { Manifest } from '../../src/release/model.js';
import { type Arrivals, compare, type Entrance, specsOf } from './arrival.js';
import { fitsGateway, type GatewayCondition, type GatewayNamed } from './conditions.js';
import type { HttpRequest } from './matches.js';

interface Ref {
  readonly name: string;
  readonly namespace?: string;
  readonly port: number;
}

interface Route {
  readonly hostnames: readonly string[];
  readonly rules: readonly Rule[];
}

interface Rule {
  readonly matches?: readonly Match[];
  readonly filters?: readonly { readonly requestMirror?: { readonly backendRef: Ref; readonly percent?: number } }[];
  readonly backendRefs: readonly (Ref & {
    readonly weight?: number;
    readonly filters?: readonly { readonly responseHeaderModifier?: { readonly set?: readonly GatewayNamed[] } }[];
  })[];
}

/** The match of an HTTPRoute, or with an object for its method that of a GRPCRoute. */
interface Match extends Omit<GatewayCondition, 'method'> {
  readonly method?: string | { readonly service?: string; readonly method?: string };
}

/** What the API leaves to the gateway: where a path by regular expression stands, and what a slash at the end counts. */
const readings = [
  { regex: -1, slash: true },
  { regex: -1, slash: false },
  { regex: 2, slash: true },
  { regex: 2, slash: false },
];

/** The rule with the most specific match that fits takes the request; of equal ones, the first. */
export function gatewayArrivals(objects: readonly Manifest[], { host, request }: Entrance): Arrivals[] {
  return objects
    .filter(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute')
    .filter(({ spec }) => (spec as unknown as Route).hostnames.includes(host))
    .flatMap((route) => {
      const rules = specsOf<Route>([route], route.kind).flatMap((spec) => spec.rules);
      return readings.flatMap((reading) => {
        const rule = ruleFor(rules, { request, reading });
        return rule === undefined ? [] : [arrivalsOfRule(rule, route.metadata.namespace, request.path)];
      });
    });
}

interface Choice {
  readonly request: HttpRequest;
  readonly reading: (typeof readings)[number];
}

function ruleFor(rules: readonly Rule[], { request, reading }: Choice): Rule | undefined {
  return rules
    .flatMap((rule) => (rule.matches ?? [{}]).map((match: Match) => ({ rule, match })))
    .filter(({ match }) => fitsMatch(request, match))
    .sort((one, other) => compare(rank(other.match, reading), rank(one.match, reading)))[0]?.rule;
}

/** Of headers whose names differ in case alone, only the first counts. */
function fitsMatch(request: HttpRequest, { method, headers = [], ...match }: Match): boolean {
  const names = headers.map(({ name }) => name.toLowerCase());
  const first = headers.filter((_, i) => names.indexOf(names[i] ?? '') === i);
  if (typeof method !== 'object') return fitsGateway(request, { ...match, ...(method && { method }), headers: first });
  const [, service, called] = request.path.split('/');
  const { service: wanted = service, method: procedure = called } = method;
  return service === wanted && called === procedure && fitsGateway(request, { headers: first });
}

/** Of an HTTPRoute: path, method, headers, query. Of a GRPCRoute: service, method, headers. */
function rank({ path = {}, method, headers = [], queryParams = [] }: Match, { regex, slash }: Choice['reading']) {
  if (typeof method === 'object') return [method.service?.length ?? 0, method.method?.length ?? 0, headers.length];
  const { type = 'PathPrefix', value = '/' } = path;
  const rest = [method === undefined ? 0 : 1, headers.length, queryParams.length];
  if (type !== 'PathPrefix') return [type === 'Exact' ? 1 : regex, 0, ...rest];
  const counted = slash || value === '/' ? value : value.replace(/\/$/, '');

  return [0, counted.length, ...rest];
}

function arrivalsOfRule({ backendRefs, filters = [] }: Rule, namespace: string, path: string): Arrivals {
  const target = (ref: Ref) => `${ref.name}.${ref.namespace ?? namespace}:${ref.port}`;
  const total = backendRefs.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return {
    answers: backendRefs.map((ref) => {
      const set = (ref.filters ?? []).flatMap(({ responseHeaderModifier }) => responseHeaderModifier?.set ?? []);
      const header = set.find(({ name }) => name === 'app-version')?.value;
      return { target: target(ref), path, percent: ((ref.weight ?? 1) * 100) / total, header };
    }),
    copies: filters.flatMap(({ requestMirror: mirror }) =>
      mirror === undefined
        ? []
        : [{ target: target(mirror.backendRef), path, percent: mirror.percent ?? 100, header: undefined }],
    ),
  };
}
