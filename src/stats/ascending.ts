/** Returns the values in ascending order. */
export function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}
