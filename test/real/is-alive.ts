import { readFileSync } from 'node:fs';

/** Whether the process runs. One that ended and that nobody has asked about yet is a zombie, and does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
