import type { Scene } from '../../evaluate/phases/scene.js';
import { entriesOf } from './entry.js';
import type { Standing } from './standings.js';

/** Returns what has to be known of all rows of a plan. */
export function notesOf({ scene, share, together, rate, standings }: Shown): string[] {
  const [least, most] = entriesOf(scene, rate);
  const isLoadKnown = standings.some(({ load }) => load !== undefined);
  return [
    ...(share === 0 && most !== undefined
      ? [`it enters at ${least} to ${most} %, at the more the fewer requests a window has: --rate tells`]
      : []),
    ...(together > 1
      ? [
          `as if alone: ${together} candidates are analysed together, and divide the entry share and what there is beside the primary`,
        ]
      : []),
    ...(rate !== undefined && !isLoadKnown
      ? ['--rate tells nothing here: nobody knows the pods, or how many requests match']
      : []),
  ];
}

interface Shown {
  readonly scene: Scene;
  /** What the candidate has now. */
  readonly share: number;
  /** How many candidates are analysed beside one another. */
  readonly together: number;
  /** Requests per second, where that was said. */
  readonly rate: number | undefined;
  /** What versions have in any row. */
  readonly standings: readonly Standing[];
}
