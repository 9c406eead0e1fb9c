import * as z from 'zod';

/** The URL of an API that gets a token. An error shows none of what may be a secret in it. */
export function apiUrl(example: string) {
  return z.preprocess(
    (input) => (typeof input === 'string' ? input.replace(/\/\/[^/]*@/, '//***@').replace(/[?#].*$/s, '?***') : input),
    z.string().refine(isSafeApi, {
      error: `is no safe URL of an API: write it as ${example}, without a user, a query or a fragment (http only for this machine)`,
    }),
  );
}

/** Whether a token may be sent there. */
export function isSafeApi(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}
