import { constants } from 'node:os';
import type { Io } from '../io.js';
import { unguarded } from '../visible.js';

/** A terminal that is painted over, and given back as it was. */
export interface Terminal {
  /** Replaces what is shown. */
  paint(lines: readonly string[]): void;
  /** Gives the terminal back; only the first call does anything. */
  restore(): void;
}

const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?25h\x1b[?1049l';
const home = '\x1b[H';
const clearRest = '\x1b[K';
const clearBelow = '\x1b[J';

/** Takes the terminal over: a screen of its own, so that what was there comes back, and no cursor. */
export function openTerminal(guard: Io['stdout']): Terminal {
  const stdout = unguarded(guard);
  let open = true;
  let last: readonly string[] = [];
  const paint = (lines: readonly string[]) => {
    last = lines;
    // One write and nothing cleared before it is replaced, so that nothing flickers.
    if (open) stdout.write(`${home}${lines.map((line) => line + clearRest).join('\r\n')}${clearBelow}`);
  };
  const suspend = () => {
    stdout.write(leave);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stdout.write(enter);
    paint(last);
  };
  const restore = () => {
    if (!open) return;
    open = false;
    process.off('exit', restore).off('SIGTSTP', suspend).off('SIGCONT', resume);
    stdout.write(leave);
  };
  stdout.write(enter);
  process.on('exit', restore).on('SIGTSTP', suspend).on('SIGCONT', resume);
  return { paint, restore };
}

/**
 * Returns a promise that Ctrl-C fulfils, with the exit code 0: that is how one stops looking. Whoever ends the process
 * otherwise gets the code that a shell expects.
 */
export function untilInterrupted(): Promise<number> {
  return new Promise((resolve) => {
    const codes = { SIGINT: 0, SIGTERM: 128 + constants.signals.SIGTERM, SIGHUP: 128 + constants.signals.SIGHUP };
    const handlers = Object.entries(codes).map(([signal, code]) => {
      return [signal as NodeJS.Signals, () => done(code)] as const;
    });
    const done = (code: number) => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
      resolve(code);
    };
    for (const [signal, handler] of handlers) process.once(signal, handler);
  });
}
