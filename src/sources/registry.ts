import type { Source } from '../release/evaluation.js';
import { prometheus } from './prometheus.js';

/** What every source is made from. */
export interface SourceOptions {
  readonly url: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Every source by its id. A new one is one file and one line here. */
export const sources = { prometheus } as const satisfies Record<string, (options: SourceOptions) => Source>;

export type SourceId = keyof typeof sources;
