import * as z from 'zod';
import type { Schedule } from '../release/policy.js';
import { onDemand } from './on-demand.js';

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The five fields: minute, hour, day of the month, month, day of the week. */
const fields = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: months },
  { least: 0, most: 7, names: weekdays },
] as const;

const wording = 'is no cron expression of five fields, such as * 0-8,17-23 * * 1-5 or * * * * 6,0';

const Expression = z.string({ error: wording }).refine(isExpression, { error: wording });

const TimeZone = z.string().refine(isTimeZone, {
  error: 'is no time zone that is known: write its IANA name, such as Europe/Berlin or UTC',
});

/** When nothing may advance. */
export const ScheduleFile = onDemand(() =>
  z.strictObject({
    hold: z
      .array(Expression)
      .min(1)
      .describe('cron expressions: nothing advances in the minutes that one of them matches'),
    timeZone: TimeZone.optional().describe('IANA name of the time zone that they are meant in; default UTC'),
  }),
);

/** Returns a schedule with every default. */
export function scheduleOf({ hold, timeZone = 'UTC' }: z.infer<typeof ScheduleFile>): Schedule {
  return { hold, timeZone };
}

/** Whether a text is an expression of what every cron knows: `*`, numbers, names, ranges, steps and lists. */
export function isExpression(text: string): boolean {
  const parts = text.split(' ');
  return (
    parts.length === fields.length &&
    fields.every((field, i) => (parts[i] ?? '').split(',').every((part) => isPart(part, field)))
  );
}

function isPart(part: string, field: (typeof fields)[number]): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.most)) return false;
  if (range === '*') return true;
  const [from, to, ...more] = range.split('-').map((value) => numberOf(value, field));
  if (from === undefined || more.length > 0) return false;
  // A step needs a range to walk through.
  return range.includes('-') ? to !== undefined && from <= to : step === undefined;
}

function numberOf(value: string, { least, most, names }: (typeof fields)[number]): number | undefined {
  const position = (names as readonly string[]).indexOf(value.toUpperCase());
  const number = position >= 0 ? position + least : /^\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
