import { ConfigError } from '../../errors.js';
import { Duration, seconds } from '../../values/duration.js';
import type { CommandInput } from '../command.js';
import { exitCodes, type Io } from '../io.js';
import { outputFormat } from '../output-format.js';
import type { Bounds } from './ending.js';
import { type Endpoint, parseAddress, serve } from './endpoint.js';
import { openLog } from './log.js';
import { passes } from './passes.js';
import { type Stop, sleepUnlessAborted, stopBySignals } from './stop.js';
import { emptyTally } from './tally.js';

/** What a daemon has of the process that it runs in. */
export interface Surroundings extends Pick<Bounds, 'sleep'> {
  readonly stop: Stop;
  /** Ends the process whatever is still under way. */
  leave(code: number): void;
}

/**
 * Passes on the interval until a signal comes. What is wrong from the start with words or `sluice.yaml` ends it at once;
 * later, and whatever git or a server refuses, it is logged and the next pass goes on.
 */
export async function watch(input: CommandInput, io: Io, given: Partial<Surroundings> = {}): Promise<number> {
  const { options } = input;
  const isJson = outputFormat(options.output, 'the passes', ['text', 'json']) === 'json';
  const every = everyOf(options.every);
  const address = typeof options.listen === 'string' ? parseAddress(options.listen) : undefined;
  const { leave = (code) => process.exit(code), sleep = sleepUnlessAborted } = given;
  const stop = given.stop ?? stopBySignals(leave);
  const tally = emptyTally(io.now());
  const log = openLog(io);
  let endpoint: Endpoint | undefined;
  try {
    endpoint = address && (await serve(address, tally, () => io.now()));
    log('info', 'started', { release: input.argument, listening: endpoint?.url });
    const isAtRest = await passes(input, io, { stop: stop.signal, sleep, tally, log, every, isJson });
    log('info', 'stopped', { reason: stop.signal.reason });
    // A question to a metrics server may stay open for as long as that lets it.
    if (!isAtRest) leave(exitCodes.done);
    return exitCodes.done;
  } finally {
    endpoint?.close();
    stop.release();
  }
}

/** @throws ConfigError where it is no duration */
function everyOf(every: CommandInput['options'][string]): number | undefined {
  if (every === undefined) return undefined;
  const duration = Duration.safeParse(every);
  if (duration.success) return seconds(duration.data);
  throw new ConfigError(`Cannot pass every ${every} as asked: it is no duration`, {
    code: 'cli/arguments',
    hint: 'Write hours, minutes and seconds such as 60s, 30m or 1h30m.',
  });
}
