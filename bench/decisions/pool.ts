import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import type { Found, Task } from './play.js';

/** Plays all tasks, in their order, on as many threads as there are cores. */
export async function playAll(tasks: readonly Task[], onDone: (done: number) => void = () => {}): Promise<Found[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const file = bundled(folder);
    const found: Found[] = [];
    let next = 0;
    let done = 0;
    const work = async () => {
      const worker = new Worker(file);
      try {
        for (let i = next++; i < tasks.length; i = next++) {
          found[i] = await answerOf(worker, tasks[i] as Task);
          onDone(++done);
        }
      } finally {
        await worker.terminate();
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Threads load no TypeScript. */
function bundled(folder: string): string {
  const outfile = join(folder, 'worker.mjs');
  const entry = fileURLToPath(new URL('worker.ts', import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return outfile;
}

function answerOf(worker: Worker, task: Task): Promise<Found> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage(task);
  });
}
