import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { ConfigError } from '../errors.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Returns the text of a file.
 *
 * @param path where it is
 * @param shown how the error calls it
 * @throws ConfigError when it cannot be read or is no UTF-8
 */
export function readText(path: string, shown: string): string {
  try {
    return decodeText(readFileSync(path), shown);
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(shown, error);
  }
}

/** Returns the text of a file, or undefined where there is none. */
export function readTextIfThere(path: string, shown: string): string | undefined {
  try {
    return readText(path, shown);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Returns all that stdin holds. */
export async function readStdin(stdin: Readable): Promise<string> {
  // Loaded here: a start without stdin does without streams.
  const { buffer } = await import('node:stream/consumers');
  return decodeText(await buffer(stdin), 'stdin');
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

/**
 * Returns what bytes say.
 *
 * @param shown how the error calls them
 * @throws ConfigError when they are no UTF-8
 */
export function decodeText(bytes: Uint8Array, shown: string): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw noText(shown, 'it is no UTF-8 text', error);
  }
}

/** Returns the error of a file that cannot be read, out of the system's own. */
export function unreadable(shown: string, cause: unknown): ConfigError {
  const { code } = cause as NodeJS.ErrnoException;
  return noText(shown, reasons[code ?? ''] ?? String(code), cause);
}

function noText(shown: string, reason: string, cause: unknown): ConfigError {
  return new ConfigError(`Cannot read ${shown} as text: ${reason}`, {
    code: 'cli/unreadable',
    path: shown,
    hint: 'Check the path and its permissions.',
    cause,
  });
}
