import { type ErrorDetails, SourceError } from '../errors.js';
import { redact } from '../secret.js';
import type { Endpoint } from './endpoint.js';

/** Returns a SourceError that names the endpoint without its secrets, and none of those of this process. */
export function failure(endpoint: Endpoint, message: string, details: ErrorDetails): SourceError {
  return new SourceError(redact(message), { path: endpoint.masked, hint: startHint(endpoint), ...details });
}

/** Returns what to do where nobody answers. */
export function startHint({ server }: Endpoint): string {
  return `Start ${server}, or correct metrics.url in sluice.yaml.`;
}

/** Returns the beginning of a foreign text on one line, without secrets and without terminal controls. */
export function excerpt(endpoint: Endpoint, text: string): string {
  const line = endpoint
    .redact(text)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
