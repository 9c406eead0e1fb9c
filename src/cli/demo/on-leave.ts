import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Sees to it that a synchronous action happens however the process ends, Ctrl-C and a reader that has gone away
 * included. Returns the function that does it now, once, and lets go of the process.
 */
export function onLeave(action: () => void): () => void {
  const leaving = signals.map((signal) => [signal, () => process.exit(128 + constants.signals[signal])] as const);
  const leave = () => {
    process.off('exit', leave);
    for (const [signal, exit] of leaving) process.off(signal, exit);
    action();
  };
  process.once('exit', leave);
  for (const [signal, exit] of leaving) process.once(signal, exit);
  return leave;
}
