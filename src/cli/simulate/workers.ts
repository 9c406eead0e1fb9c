import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Run } from '../../simulate/run-release.js';
import type { Scenario } from '../../simulate/scenario.js';
import { type Part, simulate } from '../../simulate/simulate.js';

/** Beside the chunk that this file is in once the program is built; the sources have none. */
const workerFile = new URL('../simulate-worker.js', import.meta.url);

/** A thread takes as long to start as so many runs take to play. */
const LEAST_RUNS = 50;

/** Plays all runs, in order, on as many threads. */
export async function simulateInParallel(
  scenario: Scenario,
  { runs, seed, workers }: { readonly runs: number; readonly seed: number; readonly workers: number },
): Promise<Run[]> {
  const threads = Math.min(workers, Math.ceil(runs / LEAST_RUNS));
  if (threads === 1 || !existsSync(fileURLToPath(workerFile)))
    return simulate({ scenario, seed, first: 0, count: runs });
  const edges = Array.from({ length: threads + 1 }, (_, i) => Math.round((i * runs) / threads));
  const parts = edges.slice(1).map((end, i): Part => {
    const first = edges[i] ?? 0;
    return { scenario, seed, first, count: end - first };
  });
  return (await Promise.all(parts.map(inThread))).flat();
}

function inThread(part: Part): Promise<Run[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: part });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
  });
}
