import * as z from 'zod';
import { ConfigError } from '../errors.js';
import { HeadersFile, headerFaults, isHeaderText } from '../http-headers.js';
import { readPlace, readSecret, Secret, SecretSource, type Surroundings } from '../secret.js';
import type { Fault } from './source-kind.js';
import { fetchWith, TlsFile, tlsFaults } from './tls-settings.js';

const Auth = z
  .strictObject({
    bearer: SecretSource.optional(),
    basic: z
      .strictObject({
        user: z.string().regex(/^[^:\p{Cc}]+$/u, 'is no user name: write it on one line, without a colon'),
        password: SecretSource,
      })
      .optional(),
  })
  .refine(({ bearer, basic }) => (bearer === undefined) !== (basic === undefined), {
    error: 'is no one way to sign in: write either bearer or basic',
  });

/** How a server is told who asks: settings that every source by HTTP has. */
export const accessShape = { auth: Auth.optional(), tls: TlsFile.optional(), headers: HeadersFile.optional() };

/** How a server is told who asks, as it is written. */
export interface AccessSettings {
  readonly url: string;
  readonly auth?: z.infer<typeof Auth> | undefined;
  readonly tls?: TlsFile | undefined;
  readonly headers?: HeadersFile | undefined;
}

/** Returns what is wrong with the settings of one server, beyond their shape. */
export function accessFaults({ url, auth, tls, headers = {} }: AccessSettings): Fault[] {
  const named = Object.keys(headers).find((name) => name.toLowerCase() === 'authorization');
  const inUrl = URL.canParse(url) && new URL(url).username + new URL(url).password !== '';
  return [
    ...headerFaults(headers).map(([name, fault]): Fault => [['headers', name], fault]),
    ...tlsFaults(url, tls),
    ...(auth !== undefined && named !== undefined
      ? [[['headers', named], 'is a second way to sign in beside metrics.auth: keep one of them'] satisfies Fault]
      : []),
    ...(inUrl && (auth !== undefined || named !== undefined)
      ? [[['url'], 'has a user of its own beside another way to sign in: keep one of them'] satisfies Fault]
      : []),
  ];
}

/** How a server is asked, with every secret read. */
export interface Access {
  readonly headers: { readonly [name: string]: string };
  readonly fetch: typeof fetch;
}

/**
 * Reads the secrets and certificates that the settings name.
 *
 * @throws ConfigError that repeats none of them, when one is not there or cannot be used
 */
export function openAccess({ auth, tls, headers = {} }: AccessSettings, surroundings: Surroundings): Access {
  const place = { ...surroundings, code: 'source/no-secret' };
  const read = Object.entries(headers).map(([name, value]): [string, string] => {
    const key = `metrics.headers.${name}`;
    const text = typeof value === 'string' ? value : readSecret(value, key, place).reveal();
    return [name.toLowerCase(), headerText(text, key)];
  });
  const authorization = authorizationOf(auth, place);
  return {
    headers: { ...Object.fromEntries(read), ...(authorization !== undefined && { authorization }) },
    fetch: tls === undefined ? globalThis.fetch : fetchWith(tls, (source, key) => readPem(source, key, place)),
  };
}

function authorizationOf(auth: AccessSettings['auth'], place: Surroundings): string | undefined {
  if (auth?.bearer !== undefined) {
    const key = 'metrics.auth.bearer';
    return `Bearer ${headerText(readSecret(auth.bearer, key, place).reveal(), key)}`;
  }
  if (auth?.basic === undefined) return undefined;
  const { user, password } = auth.basic;
  const pair = new Secret(`${user}:${readSecret(password, 'metrics.auth.basic.password', place).reveal()}`);
  return `Basic ${Buffer.from(pair.reveal()).toString('base64')}`;
}

function readPem(source: SecretSource, key: string, place: Surroundings): string {
  const read = { ...place, lines: true };
  return key.endsWith('.key') ? readSecret(source, key, read).reveal() : readPlace(source, key, read);
}

function headerText(text: string, key: string): string {
  if (isHeaderText(text)) return text;
  throw new ConfigError(`Cannot send ${key} as a header: its value has characters beyond ASCII`, {
    code: 'source/bad-header',
    path: 'sluice.yaml',
    hint: 'Write it again where it is read from: letters, digits and signs of ASCII on one line.',
  });
}
