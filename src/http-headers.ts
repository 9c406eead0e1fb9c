import * as z from 'zod';
import { SecretSource } from './secret.js';

/** A header with such a name holds a secret, whoever made it up. */
const secretName = /auth|token|key|secret|cookie|passw|signature|credential/i;

/** The ones that the connection itself needs, or that `contentType` sets. */
const ownNames = /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive)$/i;

const HeaderName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no name of a header: write it as X-Source')
  .refine((name) => !ownNames.test(name), {
    error: 'is a header that sluice sets itself: leave it out, or set contentType',
  });

const HeaderValue = z.union([z.string(), SecretSource], {
  error: 'is no value of a header: write plain text, {env: NAME} or {file: PATH}',
});

/** Headers that somebody adds to a request: text that anybody may read, or the place of a secret. */
export const HeadersFile = z.record(HeaderName, HeaderValue);

/** The headers as they are written, by name. */
export type HeadersFile = z.infer<typeof HeadersFile>;

/** Returns what is wrong with headers beyond their shape, by name. No value is repeated: it may be a secret. */
export function headerFaults(headers: HeadersFile): (readonly [name: string, fault: string])[] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'string') return [];
    if (secretName.test(name)) {
      return [[name, 'is called like a secret: write {env: NAME} or {file: PATH}, never the secret itself']];
    }
    return isHeaderText(value) ? [] : [[name, 'is no text of a header: use letters of ASCII on one line']];
  });
}

/** Returns whether a text can be the value of a header. */
export function isHeaderText(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
