/** Returns the next number of a sequence, above 0 and below 1. */
export type Random = () => number;

/**
 * Returns the sequence of one run: the same on every machine, and another one for every seed and every run. SFC32 by Chris
 * Doty-Humphrey (PractRand, public domain), whose 128 bits of state keep thousands of runs from ever meeting.
 */
export function randomOf(seed: number, run: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = run | 0;
  let counter = 1;
  const next = () => {
    const bits = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + bits) | 0;
    return (bits >>> 0) / 2 ** 32 + 2 ** -33;
  };
  // Until the few bits of a seed are everywhere.
  for (let i = 0; i < 20; i += 1) next();
  return next;
}
