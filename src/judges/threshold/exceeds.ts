/** How much two numbers may differ, in parts of them, by how they were computed: 1.4 × 0.05 is a bit less than 0.07. */
const ROUNDING = 1e-12;

/** Whether a value is above a limit by more than rounding: limits are inclusive. */
export function exceeds(value: number, limit: number): boolean {
  return value - limit > ROUNDING * Math.max(Math.abs(value), Math.abs(limit));
}
