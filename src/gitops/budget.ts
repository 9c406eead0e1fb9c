import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { GitSettings } from '../values/project/git.js';
import type { Repository } from './repository.js';

/** When something was published, Unix milliseconds; one entry each. */
const Spent = z.object({ pushes: z.array(z.number()), writes: z.array(z.number()) });
type Spent = z.infer<typeof Spent>;

/** What may still be published just now. */
export interface Allowance {
  /** Takes one commit out of the budget, or returns why it has to wait. */
  refuse(urgent: boolean): string | undefined;
  /** Notes what is published, for the passes to come. */
  spend(amount: { readonly pushes: number; readonly writes: number }): Promise<void>;
}

type Limits = Pick<GitSettings, 'pushesPerMinute' | 'writesPerHour'>;

const minute = 60_000;
const hour = 60 * minute;

/**
 * Returns what the budget of a working copy allows at a time. It is remembered in the folder of git; one push a
 * minute, of several, and a tenth of the writes, at least one of several, are kept for what may not wait.
 *
 * @param now Unix milliseconds
 */
export async function allowanceOf(
  { gitDir }: Pick<Repository, 'gitDir'>,
  { pushesPerMinute, writesPerHour }: Limits,
  now: number,
): Promise<Allowance> {
  const file = join(gitDir, 'sluice', 'budget.json');
  const spent = await readSpent(file, now);
  const pushes = pushesPerMinute - spent.pushes.length;
  const keptPush = pushesPerMinute > 1 ? 1 : 0;
  const keptWrites = writesPerHour > 1 ? Math.max(1, Math.floor(writesPerHour / 10)) : 0;
  let writes = writesPerHour - spent.writes.length;
  // What rides along with something urgent costs no push of its own.
  let pushing = false;
  return {
    refuse(urgent) {
      if (!pushing && pushes <= (urgent ? 0 : keptPush)) return `${pushesPerMinute} pushes a minute are spent`;
      if (writes <= (urgent ? 0 : keptWrites)) return `${writesPerHour} commits an hour are spent`;
      pushing = true;
      writes -= 1;
      return undefined;
    },
    async spend(amount) {
      const before = await readSpent(file, now);
      const add = (times: readonly number[], count: number) => [...times, ...Array<number>(count).fill(now)];
      const after = { pushes: add(before.pushes, amount.pushes), writes: add(before.writes, amount.writes) };
      await writeSpent(file, after);
    },
  };
}

/** A clock that was set back does not stop sluice: what is in the future counts as never spent. */
async function readSpent(file: string, now: number): Promise<Spent> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const { pushes, writes } = parse(text);
  const within = (span: number) => (time: number) => time <= now && now - time < span;
  return { pushes: pushes.filter(within(minute)), writes: writes.filter(within(hour)) };
}

/** A budget that cannot be read or kept is no reason to stop: the host has limits of its own. */
async function writeSpent(file: string, spent: Spent): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(temporary, JSON.stringify(spent));
    await rename(temporary, file);
  } catch {
    // The next push is counted.
  }
}

function parse(text: string): Spent {
  try {
    return Spent.parse(JSON.parse(text));
  } catch {
    return { pushes: [], writes: [] };
  }
}
