import * as z from 'zod';
import { SecretSource } from '../secret.js';
import type { Fault } from './source-kind.js';
import type { TlsTexts } from './tls-fetch.js';

/** `tls` of a source: PEM in files or variables. */
export const TlsFile = z.strictObject({
  /** The authorities to believe, in place of those that Node knows. */
  ca: SecretSource.optional(),
  /** What the client shows of itself. */
  cert: SecretSource.optional(),
  key: SecretSource.optional(),
  /** The name that the server's certificate has to be for. @default the host of the URL */
  serverName: z.hostname().optional(),
});

/** `tls` of a source, as it is written. */
export type TlsFile = z.infer<typeof TlsFile>;

/** Returns what is wrong with them beyond their shape. */
export function tlsFaults(url: string, tls: TlsFile | undefined): Fault[] {
  if (tls === undefined) return [];
  const { cert, key } = tls;
  return [
    ...(url.startsWith('https:') ? [] : [[['tls'], 'is for https: set the scheme of metrics.url'] satisfies Fault]),
    ...(cert !== undefined && key === undefined ? [[['tls', 'key'], 'is missing beside cert'] satisfies Fault] : []),
    ...(key !== undefined && cert === undefined ? [[['tls', 'cert'], 'is missing beside key'] satisfies Fault] : []),
  ];
}

/**
 * Returns a `fetch` that shows a certificate and believes other authorities. What it is made of is loaded by its first request.
 *
 * @param read returns the text of a PEM; `key` is where the settings name it
 */
export function fetchWith(tls: TlsFile, read: (source: SecretSource, key: string) => string): typeof fetch {
  const pem = (name: 'ca' | 'cert' | 'key') => tls[name] && read(tls[name], `metrics.tls.${name}`);
  const texts: TlsTexts = { ca: pem('ca'), cert: pem('cert'), key: pem('key'), serverName: tls.serverName };
  let made: Promise<typeof fetch> | undefined;
  return async (input, init) => {
    made ??= import('./tls-fetch.js').then(({ tlsFetch }) => tlsFetch(texts));
    return (await made)(input, init);
  };
}
