import type { Manifest } from '../../src/release/model.js';
import { type Arrival, type Arrivals, type Entrance, type Fields, specsOf } from './arrival.js';
import { fitsIstio, type IstioCondition } from './conditions.js';

const DOMAIN = '.svc.cluster.local';
const LOCAL = { host: `knative-local-gateway.istio-system${DOMAIN}`, name: 'knative-serving/knative-local-gateway' };
const INGRESS = `istio-ingressgateway.istio-system${DOMAIN}`;
/** Iter8's own route takes two; one more finds a circle. */
const MAX_HOPS = 3;

interface Destination {
  readonly host: string;
  readonly port?: { readonly number: number };
  readonly subset?: string;
}

interface Changes {
  readonly set?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

interface Rule {
  readonly match?: readonly IstioCondition[];
  readonly rewrite?: { readonly uri: string };
  readonly route: readonly {
    readonly destination: Destination;
    readonly weight?: number;
    readonly headers?: { readonly request?: Changes; readonly response?: Changes };
  }[];
  readonly mirrors?: readonly { readonly destination: Destination; readonly percentage?: { readonly value: number } }[];
}

interface VirtualService {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly http: readonly Rule[];
}

interface Hop extends Entrance {
  readonly objects: readonly Manifest[];
  /** The gateways through which it may come. */
  readonly gateways: readonly string[];
  readonly hops: number;
  /** What Envoy appends to the Host of a copy: Istio before 1.28 `-shadow`, later nothing. */
  readonly suffix: string;
}

/** The first rule that fits decides. What it sends to a gateway comes back with the Host that it was given. */
export function istioArrivals(objects: readonly Manifest[], entrance: Entrance): Arrivals[] {
  return ['', '-shadow'].flatMap((suffix) => {
    const arrivals = passed({ ...entrance, objects, suffix, gateways: ['mesh'], hops: 0 });
    return arrivals === undefined ? [] : [arrivals];
  });
}

function passed(hop: Hop): Arrivals | undefined {
  const services = specsOf<VirtualService>(hop.objects, 'VirtualService').filter(
    ({ hosts, gateways }) => hosts.includes(hop.host) && gateways.some((each) => hop.gateways.includes(each)),
  );
  const fitting = services.flatMap(({ http }) =>
    http.flatMap((rule) => {
      const condition = (rule.match ?? [{}]).find((each) => fitsIstio(hop.request, each));
      return condition === undefined ? [] : [{ rule, path: rewritten(hop.request.path, condition, rule) }];
    }),
  );
  const [first] = fitting;
  if (first === undefined || hop.hops > MAX_HOPS) return undefined;
  return sent(hop, first.rule, first.path);
}

function sent(hop: Hop, { route, mirrors = [] }: Rule, path: string): Arrivals {
  const total = route.reduce((sum, { weight = 100 }) => sum + weight, 0);
  const parts = route.map(({ destination, weight = 100, headers = {} }) => {
    const next = changed({ ...hop, request: { ...hop.request, path } }, headers.request);
    const header = headers.response?.set?.['app-version'];
    return { next, part: scaled(reached(next, destination, header), weight / total) };
  });
  // Envoy copies what goes to the destination, with the headers and the path that it has by then.
  const copies = parts.flatMap(({ next }, i) =>
    mirrors.flatMap(({ destination, percentage = { value: 100 } }) => {
      const copy = reached({ ...next, host: next.host + hop.suffix }, destination, undefined);
      const share = ((route[i]?.weight ?? 100) / total) * (percentage.value / 100);
      return [...scaled(copy, share).answers, ...scaled(copy, share).copies];
    }),
  );
  return {
    answers: parts.flatMap(({ part }) => part.answers),
    copies: [...parts.flatMap(({ part }) => part.copies), ...copies],
  };
}

/** At a gateway the request passes once more; where no route of ours takes it, its Host finds the predictor. */
function reached(hop: Hop, destination: Destination, header: string | undefined): Arrivals {
  const gateways = gatewaysBehind(hop, destination.host);
  const target = gateways === undefined ? targetOf(hop, destination) : hop.host.replace(DOMAIN, '');
  const end = { answers: [{ target, path: hop.request.path, percent: 100, header }], copies: [] };
  if (gateways === undefined) return end;
  return passed({ ...hop, gateways, hops: hop.hops + 1 }) ?? end;
}

/** Any gateway but that of the cluster may be at Istio's ingress gateway, unless we make it and its hosts say no. */
function gatewaysBehind({ objects, host }: Hop, destination: string): string[] | undefined {
  if (destination === LOCAL.host) return [LOCAL.name];
  if (destination !== INGRESS) return undefined;
  const closed = objects
    .filter(({ kind }) => kind === 'Gateway')
    .filter(({ spec }) => !(spec as unknown as Servers).servers.some(({ hosts }) => hosts.includes(host)))
    .map(({ metadata }) => metadata.name);
  const named = specsOf<VirtualService>(objects, 'VirtualService').flatMap((each) => each.gateways);
  return named.filter((each) => each !== 'mesh' && each !== LOCAL.name && !closed.includes(each));
}

interface Servers {
  readonly servers: readonly { readonly hosts: readonly string[] }[];
}

function targetOf({ objects, request }: Hop, { host, port, subset }: Destination): string {
  const model = request.headers['mm-vmodel-id'];
  if (model !== undefined) return `${host}:${port?.number} ${model}`;
  const service = `${host.replace(DOMAIN, '')}:${port?.number}`;
  if (subset === undefined) return service;
  const subsets = specsOf<Fields & { host: string; subsets: { name: string; labels: object }[] }>(
    objects,
    'DestinationRule',
  ).filter((each) => each.host === host);
  const labels = subsets.flatMap((each) => each.subsets).find(({ name }) => name === subset)?.labels;
  return `${service} ${JSON.stringify(labels)}`;
}

function changed(hop: Hop, { set = {}, remove = [] }: Changes = {}): Hop {
  const entries = Object.entries(set).map(([name, value]) => [name.toLowerCase(), value] as const);
  const { host = hop.host, ...others } = Object.fromEntries(entries);
  const kept = Object.entries(hop.request.headers).filter(([name]) => !remove.includes(name));
  return { ...hop, host, request: { ...hop.request, headers: { ...Object.fromEntries(kept), ...others } } };
}

function scaled({ answers, copies }: Arrivals, factor: number): Arrivals {
  const scale = (each: Arrival) => ({ ...each, percent: each.percent * factor });
  return { answers: answers.map(scale), copies: copies.map(scale) };
}

/** A rewrite replaces the prefix that was matched, which is / without one; of an exact path or an expression, all. */
function rewritten(path: string, { uri = {} }: IstioCondition, { rewrite }: Rule): string {
  if (rewrite === undefined) return path;
  const { prefix = uri.exact === undefined && uri.regex === undefined ? '/' : path } = uri;
  return `${rewrite.uri}${path.slice(prefix.length)}`;
}
