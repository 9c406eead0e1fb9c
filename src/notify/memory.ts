import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { NotificationSettings } from '../values/project/notifications.js';
import type { ReleaseEvent } from './event.js';

/** By channel and release, the hashes of what was told and still holds; what no release has stands under no name. */
const Told = z.record(z.string(), z.record(z.string(), z.array(z.string())));
type Told = z.infer<typeof Told>;

/** What a pass looked at. */
export interface Looked {
  /** The releases that it was about. */
  readonly releases: readonly string[];
  /** All that there are; undefined where it came to none. */
  readonly known: readonly string[] | undefined;
}

/** What was told already of what goes on, so that nobody hears it every minute. */
export interface Memory {
  /** Returns the events that a channel was not told of, or that went away since. */
  newsFor(channel: string, events: readonly ReleaseEvent[]): ReleaseEvent[];
  /** Notes what goes on, and that a channel was told of some. */
  note(channel: string, goesOn: readonly ReleaseEvent[], told: readonly ReleaseEvent[]): void;
  /** Keeps all that was noted, and what is known of releases that were not looked at. */
  keep(): Promise<void>;
}

/** Returns the name of a channel: another one when its settings change. */
export function channelOf(settings: NotificationSettings): string {
  return hashOf(JSON.stringify(settings));
}

/** Returns the memory in a folder of git. One that cannot be read or kept is no reason to stop: something is said twice. */
export async function openMemory(gitDir: string, { releases, known }: Looked): Promise<Memory> {
  const file = join(gitDir, 'sluice', 'notified.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const before = parse(text);
  const after: Told = {};
  const all = known?.every((release) => releases.includes(release)) ?? false;
  const isKept = (release: string) =>
    release === '' ? !all : !releases.includes(release) && (known?.includes(release) ?? true);
  return {
    newsFor: (channel, events) =>
      events.filter((event) => {
        const keys = keysOf(event);
        return keys.length === 0 || keys.some(([release, key]) => !has(before, [channel, release, key]));
      }),
    note(channel, goesOn, told) {
      const kept = Object.entries(before[channel] ?? {}).filter(([release]) => isKept(release));
      const noted = new Map(kept.map(([release, keys]) => [release, new Set(keys)]));
      const add = (release: string, key: string) => noted.set(release, (noted.get(release) ?? new Set()).add(key));
      for (const [release, key] of goesOn.flatMap(keysOf)) if (has(before, [channel, release, key])) add(release, key);
      for (const [release, key] of told.flatMap(keysOf)) add(release, key);
      if (noted.size > 0)
        after[channel] = Object.fromEntries([...noted].map(([release, keys]) => [release, [...keys]]));
    },
    async keep() {
      const now = JSON.stringify(after);
      if (now !== text) await write(file, now);
    },
  };
}

/** What comes up again pass after pass has keys; anything else is news whenever it happens. */
function keysOf({ kind, releases, code, reason }: ReleaseEvent): [release: string, key: string][] {
  const failed = releases.length === 0 ? [''] : releases;
  if (kind === 'failure') return failed.map((release) => [release, hashOf(code ?? reason)]);
  // Numbers change from pass to pass.
  if (kind === 'warning') return [['', hashOf(reason.replace(/\d+/g, '0'))]];
  return [];
}

function has(told: Told, [channel, release, key]: readonly [string, string, string]): boolean {
  const releases = told[channel] ?? {};
  return Object.hasOwn(releases, release) && (releases[release] ?? []).includes(key);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function parse(text: string): Told {
  try {
    return Told.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function write(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch {
    // What was told is told again.
  }
}
