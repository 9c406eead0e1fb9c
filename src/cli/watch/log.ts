import { ConfigError, isSluiceError } from '../../errors.js';
import { redact } from '../../secret.js';
import type { PassReport } from '../evaluate-report.js';
import type { Io } from '../io.js';

/** How much something wants to be read. */
export type Level = 'info' | 'warn' | 'error';

/** Writes that something happened, as a line. */
export type Log = (level: Level, event: string, fields?: { readonly [field: string]: unknown }) => void;

/** Returns a log that writes a JSON object per line, in which no secret of this process stands. */
export function openLog({ stderr, now }: Pick<Io, 'stderr' | 'now'>): Log {
  return (level, event, fields) => {
    stderr.write(jsonLine({ time: new Date(now() * 1000).toISOString(), level, event, ...fields }));
  };
}

/** Returns data as one line of JSON, without the secrets of this process. */
export function jsonLine(data: unknown): string {
  const text = JSON.stringify(data, (_, value) => (typeof value === 'string' ? redact(value) : value));
  return `${text}\n`;
}

/** Returns the stderr of a pass: what it says there becomes lines of the log. */
export function loggedStderr(log: Log): Io['stderr'] {
  return {
    write(text) {
      const isComplaint = text.startsWith('sluice: ');
      log(isComplaint ? 'warn' : 'info', 'note', { reason: text.replace(/^sluice: /, '').trimEnd() });
    },
  };
}

/** Returns an error as fields of a line. */
export function errorFields(error: unknown): { readonly [field: string]: unknown } {
  if (!isSluiceError(error)) return { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  const { code, message: reason, path, hint } = error;
  return { reason, code, path, hint, ...(error instanceof ConfigError && { problems: error.problems }) };
}

/**
 * Writes what a pass did. A hold is written when its reason is another one than in the pass before.
 *
 * @param before the reasons of the holds that `logReport` returned for the pass before
 */
export function logReport(report: PassReport, log: Log, before: ReadonlyMap<string, string>): Map<string, string> {
  const held = new Map<string, string>();
  for (const { decision, commit, request } of report.outcomes) {
    const { release, kind, reason, candidate, from, to } = decision;
    if (kind === 'hold') held.set(release, reason);
    if (kind === 'hold' && commit === undefined && before.get(release) === reason) continue;
    const fields = { release, decision: kind, reason, candidate, from, to, commit, request };
    log(kind === 'roll back' ? 'warn' : 'info', 'decision', fields);
  }
  for (const { release, summary: reason, commit, request } of report.rendered) {
    log('info', 'rendered', { release, reason, commit, request });
  }
  for (const each of report.overtaken) log('warn', 'overtaken', { ...each });
  for (const each of report.deferred) log('warn', 'deferred', { ...each });
  for (const each of report.closed) log('info', 'closed', { ...each });
  for (const { release, error } of report.failures) log('error', 'failure', { release, ...errorFields(error) });
  for (const reason of report.warnings) log('warn', 'warning', { reason });
  return held;
}
