import * as z from 'zod';
import { type AccessSettings, accessFaults, accessShape } from '../access.js';
import { type CountedKind, countedKinds, descriptionShape, MetricName } from '../custom/metric-file.js';
import { MetricsUrl } from '../metrics-url.js';
import type { Fault } from '../source-kind.js';
import { type BodyType, bodyFault, urlFault } from './request-template.js';

const requestShape = {
  url: MetricsUrl.optional(),
  method: z.enum(['GET', 'POST']).optional(),
  body: z.string().min(1).optional(),
};

const Expression = z.string().min(1);

/** Where the value of a metric is asked, and where it stands in the answer: a JSONata expression. */
const Question = z.union([Expression, z.strictObject({ value: Expression, ...requestShape })], {
  error: 'is no expression: write JSONata such as total, or {value: total, url: …}',
});

const CustomQuestion = z.strictObject({
  value: Expression,
  /** A gauge is a number, the others are maps with the counts of a window. @default gauge */
  kind: z.enum(['gauge', ...countedKinds]).optional(),
  ...requestShape,
  ...descriptionShape,
});

const bodyTypes: readonly [BodyType, ...BodyType[]] = ['application/json', 'application/x-www-form-urlencoded'];

/** What `metrics` in sluice.yaml has for a server that answers JSON. */
export const httpJsonShape = {
  ...requestShape,
  url: MetricsUrl,
  contentType: z.enum(bodyTypes).optional(),
  /** What one request is for: `each` window, answered by a number, or `all` of them, answered by a list. @default each */
  windows: z.enum(['each', 'all']).optional(),
  traffic: z.strictObject({ requests: Question, errors: Question, latencySum: Question }),
  custom: z.record(MetricName, CustomQuestion).optional(),
  ...accessShape,
};

/** `metrics` in sluice.yaml for a server that answers JSON. */
export type HttpJsonSettings = z.infer<z.ZodObject<typeof httpJsonShape>>;

/** How the value of one metric is asked. */
export interface Asked {
  /** Where sluice.yaml has it, such as `metrics.traffic.errors`. */
  readonly key: string;
  readonly expression: string;
  /** What it counts. @default - it gives a number */
  readonly counted?: CountedKind | undefined;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body: string | undefined;
  readonly contentType: BodyType;
}

/** Returns how the figures of the traffic are asked, and metrics of one's own by their names. */
export function askedOf(settings: HttpJsonSettings) {
  const { traffic, custom = {} } = settings;
  const own = Object.entries(custom).map(([name, question]) => {
    const { kind, ...rest } = question;
    const counted = kind === 'gauge' ? undefined : kind;
    return [name, { ...askedIn(settings, rest, `metrics.custom.${name}`), counted }] as const;
  });
  return {
    requests: askedIn(settings, traffic.requests, 'metrics.traffic.requests'),
    errors: askedIn(settings, traffic.errors, 'metrics.traffic.errors'),
    latencySum: askedIn(settings, traffic.latencySum, 'metrics.traffic.latencySum'),
    custom: new Map(own),
  };
}

function askedIn(settings: HttpJsonSettings, question: z.infer<typeof Question>, key: string): Asked {
  const { value: expression, ...own } = typeof question === 'string' ? { value: question } : question;
  const { url, method, body, contentType = 'application/json' } = { ...settings, ...own };
  return { key, expression, url, body, method: method ?? (body === undefined ? 'GET' : 'POST'), contentType };
}

/** Returns what is wrong with the settings beyond their shape. */
export function httpJsonFaults(settings: HttpJsonSettings): Fault[] {
  const { requests, errors, latencySum, custom } = askedOf(settings);
  const all = [requests, errors, latencySum, ...custom.values()];
  const found = all.flatMap((asked) => requestFaults(settings, asked));
  const unique = new Map(found.map((fault) => [JSON.stringify(fault), fault]));
  return [...accessFaults(settings), ...unique.values()];
}

/** What is the same for all stands where all have it. */
function requestFaults(settings: HttpJsonSettings, asked: Asked): Fault[] {
  const { key, url, body, method, contentType } = asked;
  const at = (name: 'url' | 'body') => (settings[name] === asked[name] ? [name] : [...key.split('.').slice(1), name]);
  const inUrl = urlFault(url);
  const inBody = body === undefined ? undefined : bodyFault(body, contentType);
  return [
    ...(inUrl === undefined ? [] : [[at('url'), inUrl] satisfies Fault]),
    ...(url === settings.url ? [] : ownServerFaults(settings, url, at('url'))),
    ...(inBody === undefined ? [] : [[at('body'), inBody] satisfies Fault]),
    ...(method === 'GET' && body !== undefined
      ? [[at('body'), 'is nothing that a GET sends: take it out, or set method to POST'] satisfies Fault]
      : []),
  ];
}

/** Headers and certificates are meant for one server. */
function ownServerFaults({ url, auth, tls, headers }: AccessSettings, own: string, path: string[]): Fault[] {
  const isSecret = auth !== undefined || tls !== undefined || headers !== undefined;
  const isOther = URL.canParse(own) && URL.canParse(url) && new URL(own).origin !== new URL(url).origin;
  return isSecret && isOther
    ? [[path, 'is on another server than metrics.url, which auth, tls and headers are for']]
    : [];
}
