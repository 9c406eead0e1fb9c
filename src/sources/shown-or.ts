import { SourceError } from '../errors.js';

/** What was read that is only shown, and why nothing was. */
export interface Shown<Each> {
  readonly found: Each;
  readonly warnings: readonly string[];
}

/** Returns what is only shown, or `nothing` and a warning where it cannot be read: that stops nobody who is judged. */
export async function shownOr<Each>(reading: Promise<Each>, nothing: Each): Promise<Shown<Each>> {
  try {
    return { found: await reading, warnings: [] };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { found: nothing, warnings: [`indicators are not shown: ${error.message}`] };
  }
}
