import { Cron } from 'croner';
import type { Schedule } from '../release/policy.js';

const MINUTE = 60;

/**
 * Returns the first expression of a schedule that holds at a time; undefined where none does.
 *
 * @param now Unix seconds
 */
export function holding({ hold, timeZone }: Schedule, now: number): string | undefined {
  // An expression of five fields means the first second of a minute.
  const minute = new Date(Math.floor(now / MINUTE) * MINUTE * 1000);
  return hold.find((text) => new Cron(text, { mode: '5-part', timezone: timeZone }).match(minute));
}
