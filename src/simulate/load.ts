import type { Random } from './random.js';
import type { TrafficShape } from './scenario.js';

/** What a window has for both versions. */
export interface Load {
  /** Requests expected. */
  readonly requests: number;
  /** Times the error rate. */
  readonly errors: number;
}

const DAY = 86_400;

/** Returns what the next windows of so many seconds have, one after the other. */
export function loadOf(traffic: TrafficShape, interval: number, random: Random): () => Load {
  const usual = traffic.rate * interval;
  switch (traffic.shape) {
    case 'flat':
      return () => ({ requests: usual, errors: 1 });
    case 'diurnal': {
      let hour = random() * DAY;
      return () => {
        hour += interval;
        return { requests: usual * (1 + traffic.swing * Math.sin((2 * Math.PI * hour) / DAY)), errors: 1 };
      };
    }
    case 'bursts': {
      const { every, duration, requests, errors } = traffic.bursts;
      // Begun by chance outside of one, so that they come every so often with their own length in it.
      const start = 1 - Math.exp(-interval / (every - duration));
      let left = 0;
      return () => {
        if (left === 0 && random() < start) left = Math.ceil(duration / interval);
        if (left === 0) return { requests: usual, errors: 1 };
        left -= 1;
        return { requests: usual * requests, errors };
      };
    }
  }
}
