import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { atMost, type Figure, quantile } from './figure.js';
import type { WarmTimes } from './judges-warm.js';

const SEQUENTIAL = 2;
const KAYENTA = 1;
const LOADING = 10;
const PAIRS = 25;

/** Every command loads zod. */
const zod = "import * as z from 'zod'; globalThis.z = z;";

const loadJudges =
  "import { judges } from './src/judges/registry.ts'; for (const { load } of Object.values(judges)) await load();";

/** One verdict and one judgement of the usual size, warm, and what the judges add to the start of a process; as they ship. */
export function judges(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const warm: WarmTimes = JSON.parse(run(bundle("import './bench/judges-warm.ts'", join(folder, 'warm'))));
    const without = bundle(zod, join(folder, 'zod'));
    const withJudges = bundle(zod + loadJudges, join(folder, 'judges'));
    const pairs = Array.from({ length: PAIRS }, () => wallTime(withJudges) - wallTime(without));
    return figures(warm, quantile(pairs, 0.5));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figures({ logarithms, sequential, kayenta }: WarmTimes, loading: number): Figure[] {
  const figure = (name: string, value: number, goal?: number): Figure => ({
    name,
    value: `${value.toFixed(2)} ms`,
    ...(goal !== undefined && { goal: atMost(goal, 'ms', value) }),
  });
  return [
    figure('20,000 log1p and exp', logarithms),
    figure('sequential verdict, 300 rows x 5 metrics', sequential, SEQUENTIAL),
    figure('kayenta judgement, 2 x 360 points', kayenta, KAYENTA),
    figure(`loading the judges, median of ${PAIRS} pairs`, loading, LOADING),
  ];
}

/** As scripts/build.mjs does: what is imported on demand is a file of its own. */
function bundle(contents: string, outdir: string): string {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  buildSync({
    stdin: { contents, resolveDir, loader: 'ts' },
    ...{ outdir, bundle: true, splitting: true, minify: true, platform: 'node', format: 'esm', logLevel: 'error' },
    outExtension: { '.js': '.mjs' },
  });
  return join(outdir, 'stdin.mjs');
}

function wallTime(file: string): number {
  const start = performance.now();
  run(file);
  return performance.now() - start;
}

function run(file: string): string {
  const { status, stderr, stdout } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${file} ended with ${status}: ${stderr}`);
  return stdout;
}
