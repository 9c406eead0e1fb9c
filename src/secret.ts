import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import * as z from 'zod';
import { assertAllowed } from './allowed-secrets.js';
import { ConfigError } from './errors.js';

/** In capitals, as variables of the environment are: a token that was written in its place is none. */
const variable = /^[A-Z_][A-Z0-9_]*$/;

/** Where a secret is read from: never the secret itself, which no error repeats where somebody wrote it here. */
export const SecretSource = z.preprocess(
  (input) => (isPlace(input) ? input : null),
  z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })], {
    error: 'is no place of a secret: write {env: NAME} or {file: PATH}, never the secret itself',
  }),
);

/** Where a secret is read from. */
export type SecretSource = z.infer<typeof SecretSource>;

const shown = '***';

/** Every form in which a secret of this process may turn up in somebody's words. */
const known = new Set<string>();

/** A text that shows itself to nobody who does not ask for it by name. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    // Of a key every line is as secret as the whole.
    const lines = text.split(/[\r\n]+/).filter((line) => line.length >= shortestLine);
    for (const part of [text, ...lines]) for (const form of formsOf(part)) known.add(form);
  }

  /** Returns the text: for the one place that hands it to a server. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}

/** Where secrets are looked for. */
export interface Surroundings {
  /** What a relative path of a file starts from. */
  readonly root: string;
  /** @default the environment of this process */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Whether it may have more than one line, as a key has. @default false */
  readonly lines?: boolean;
  /** Of the error. @default git/no-secret */
  readonly code?: string;
}

/**
 * Reads a secret from a variable or a file; line ends around it are no part of it.
 *
 * @param key where the settings name it, such as `git.token`
 * @throws ConfigError when it is not there, empty, or more than a line
 */
export function readSecret(source: SecretSource, key: string, surroundings: Surroundings): Secret {
  return new Secret(readPlace(source, key, surroundings));
}

/** Returns the text in a place of secrets that is none itself, such as a certificate; else as `readSecret`. */
export function readPlace(source: SecretSource, key: string, surroundings: Surroundings): string {
  const { root, env = process.env, lines = false, code = 'git/no-secret' } = surroundings;
  assertAllowed(source, key, { root, env });
  const where = 'env' in source ? `the variable ${source.env}` : `the file ${source.file}`;
  const text = ('env' in source ? env[source.env] : readFile(resolve(root, source.file)))?.trim();
  if (text !== undefined && text !== '' && !(lines ? /\0/ : /[\r\n\0]/).test(text)) return text;
  const current = text === undefined ? 'there is none' : text === '' ? 'it is empty' : 'it has more than one line';
  throw new ConfigError(`Cannot read ${key} from ${where}: ${current}`, {
    code,
    path: 'sluice.yaml',
    hint: 'env' in source ? `Set ${source.env} where sluice runs.` : 'Mount the file where sluice runs.',
  });
}

/** Returns words of git or of a server without the secrets of this process and without the credentials of URLs. */
export function redact(words: string): string {
  let text = words;
  // The longest first: one secret may be the start of another.
  for (const form of [...known].sort((a, b) => b.length - a.length)) text = text.replaceAll(form, shown);
  // The whole part before the host, also where a password holds an `@`.
  return text.replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/]+@/gi, `$1${shown}@`);
}

/** What is left on the last line of a key says nothing. */
const shortestLine = 16;

/** A short one would cut other words to pieces, and hides nothing. */
const shortest = 4;

function formsOf(text: string): string[] {
  const forms = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
  const encoded = [text, `x-access-token:${text}`].flatMap((each) => {
    const base64 = Buffer.from(each).toString('base64');
    return [base64, base64.replace(/(?<!=)=+$/, ''), Buffer.from(each).toString('base64url')];
  });
  return [...forms, ...encoded].filter((form) => form.length >= shortest);
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function isPlace(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const [[key, value] = [], ...more] = Object.entries(input);
  if (typeof value !== 'string' || more.length > 0) return false;
  return key === 'env' ? variable.test(value) : key === 'file' && value !== '';
}
