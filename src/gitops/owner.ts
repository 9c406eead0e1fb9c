import { hostname, uptime } from 'node:os';
import * as z from 'zod';

/** A process that writes to a repository. */
export const Owner = z.strictObject({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, Unix milliseconds: containers give every process the same id. */
  started: z.number(),
  /** When it began to write, Unix milliseconds. */
  at: z.number(),
});
export type Owner = z.infer<typeof Owner>;

/** How long a process of another host, which cannot be asked, counts as alive. A commit takes seconds. */
const patience = 10 * 60 * 1000;

/** Returns this process as an owner from now on. */
export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), started: performance.timeOrigin, at: Date.now() };
}

/** Whether the process may still be writing. */
export function isAlive({ pid, host, started, at }: Owner): boolean {
  if (host !== hostname()) return Date.now() - at < patience;
  const booted = Date.now() - uptime() * 1000;
  if (at < booted) return false;
  if (pid === process.pid) return started === performance.timeOrigin;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
