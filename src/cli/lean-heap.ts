import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 collect garbage once it is 60 % of what is in use. By itself, on a machine with much memory, it waits for
 * three times as much: a pass over 1,000 releases uses 170 MiB at most and would hold 600. It takes no longer for it.
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=60');
}
