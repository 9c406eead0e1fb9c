/** One line of what the benchmarks print. */
export interface Figure {
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  /** Undefined for what stands there to compare with. */
  readonly goal?: { readonly text: string; readonly met: boolean };
}

/** Returns the value below which `share` of the numbers lie: 0.5 for the median. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Returns a goal of the form `at most LIMIT UNIT`. */
export function atMost(limit: number, unit: string, value: number): NonNullable<Figure['goal']> {
  return { text: `<= ${limit} ${unit}`, met: value <= limit };
}
