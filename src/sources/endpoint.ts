import { ConfigError } from '../errors.js';
import { redact } from '../secret.js';

/** Where a source is asked over HTTP, with its secrets kept apart from what people may see. */
export interface Endpoint {
  /** Without user name and password, but with the query that the user gave. */
  readonly url: URL;
  /** What every request carries, secrets among them. */
  readonly headers: { readonly [name: string]: string };
  /** What answers there, for messages. */
  readonly server: string;
  /** The URL for messages: `***` stands for credentials and for the query. */
  readonly masked: string;
  /** Returns a foreign text with every secret of the URL and of this process replaced by `***`. */
  redact(text: string): string;
}

interface EndpointOptions {
  /** Beside the credentials of the URL, which count for nothing where `authorization` is among them. @default none */
  readonly headers?: { readonly [name: string]: string } | undefined;
  /** @default Prometheus */
  readonly server?: string;
}

/**
 * Returns the endpoint at `path` below `base` (or `base` itself where `path` is empty), which may have a path prefix, credentials and a query of its own.
 *
 * @throws ConfigError when `base` is not an http or https URL
 */
export function endpoint(
  base: string,
  path: string,
  { headers, server = 'Prometheus' }: EndpointOptions = {},
): Endpoint {
  const url = parse(base);
  const secrets = secretsOf(url);
  const authorization = authorizationOf(url);
  url.username = '';
  url.password = '';
  url.hash = '';
  if (path !== '') url.pathname = `${url.pathname.replace(/(?<!\/)\/+$/, '')}${path}`;
  const user = authorization === undefined ? '' : '***@';
  return {
    url,
    headers: { ...(authorization !== undefined && { authorization }), ...headers },
    server,
    masked: `${url.protocol}//${user}${url.host}${url.pathname}${url.search === '' ? '' : '?***'}`,
    redact: (text) => secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), redact(text)),
  };
}

function parse(base: string): URL {
  // The error of `new URL` holds its input, so it is not kept as a cause.
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const shown = base.replace(/^.*@/s, '***@').replace(/[?#].*$/s, '?***');
  throw new ConfigError(`Cannot read metrics.url as an http or https URL: ${JSON.stringify(shown)}`, {
    code: 'source/invalid-url',
    hint: 'Write metrics.url in sluice.yaml like http://prometheus.monitoring:9090.',
  });
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function secretsOf(url: URL): readonly string[] {
  const { username, password, search, searchParams } = url;
  const credentials = [username, decode(username), password, decode(password)];
  const token = authorizationOf(url)?.replace('Basic ', '') ?? '';
  // A flag such as `dedup=1` is no secret; to mask it would garble every number in a message.
  const parameters = [...searchParams.values()].filter((value) => value.length > 2);
  const encoded = parameters.map((value) => encodeURIComponent(value));
  const secrets = new Set([...credentials, token, search.slice(1), ...parameters, ...encoded]);
  // The longest first, since one secret may be a part of another.
  return [...secrets].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

/** Returns the text with its escapes decoded. URL also takes a `%` that starts none, and bytes that are no UTF-8. */
function decode(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
