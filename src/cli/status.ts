import { ConfigError } from '../errors.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';
import { outputFormat } from './output-format.js';
import { describeError } from './report-error.js';
import { printed } from './status/columns.js';
import { versionDetails } from './status/detail.js';
import { statusLines } from './status/lines.js';
import type { Snapshot } from './status/snapshot.js';
import { takeSnapshot } from './status/take-snapshot.js';
import { columnsFor } from './status/view.js';

/** Says where releases stand: a table, with the evidence where it is one; 2 where one of them cannot be read. */
export async function status({ argument, options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the status', ['text', 'json']);
  const isLive = options.live === true;
  if (options.watch === true) {
    if (format === 'json') throw notTogether();
    return (await import('./status/watch.js')).watchStatus({ name: argument, isLive }, io);
  }
  const snapshot = await takeSnapshot({ name: argument, isLive }, io);
  for (const { release, error } of snapshot.failures) io.stderr.write(`${release}: ${describeError(error)}`);
  io.stdout.write(format === 'json' ? statusJson(snapshot) : statusText(snapshot, io));
  const broken = snapshot.failures.length > 0 || snapshot.rows.some(({ phase }) => phase === 'Broken');
  return broken ? exitCodes.couldNotRun : exitCodes.done;
}

function notTogether(): ConfigError {
  return new ConfigError('Cannot watch the status as JSON: --watch is for people', {
    code: 'cli/arguments',
    hint: 'Leave out --watch, and ask again when you want to know.',
  });
}

function statusText(snapshot: Snapshot, { stdout, now }: Io): string {
  const lines = statusLines(snapshot, { columns: columnsFor(stdout), now: now() });
  return printed(lines, isColourful(stdout, process.env));
}

function statusJson(snapshot: Snapshot): string {
  const releases = snapshot.rows.map((row) => {
    const evidence = snapshot.evidence(row);
    const ends = evidence.windows.map(({ end }) => end);
    return { ...row, windows: ends, versions: versionDetails(row, evidence) };
  });
  return `${JSON.stringify({ releases }, null, 2)}\n`;
}
