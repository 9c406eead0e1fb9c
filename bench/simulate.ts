import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { atMost, type Figure, quantile } from './figure.js';

const RUNS = 3;
const GOAL = 5;

/** Nothing is promoted before the hour is over, and nothing is looked at after that: every release has 60 looks. */
const scenario = `traffic: {rate: 20}
analysis:
  interval: 60s
  minDuration: 1h
  maxDuration: 1h
  objectives: [{metric: error-rate}]
`;

/** The same with percentiles, whose buckets have to be drawn and counted as well. */
const percentiles = scenario.replace('[{metric: error-rate}]', '[{metric: error-rate}, {metric: latency-p95}]');

/** The program tells at its end what it took, all of its threads together. */
const tellTime = `data:text/javascript,process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.error((user + system) / 1e6);
})`;

/** 1,000 releases of 60 looks, by the built program from its start to its end. */
export function simulate(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    writeFileSync(join(folder, 'scenario.yaml'), scenario);
    writeFileSync(join(folder, 'percentiles.yaml'), percentiles);
    const cores = availableParallelism();
    const one = timesOf(folder, 'scenario.yaml', 1);
    const all = timesOf(folder, 'scenario.yaml', cores);
    const more = timesOf(folder, 'percentiles.yaml', 1);
    return [
      {
        name: `1,000 simulated releases of 60 looks on one core, CPU, median of ${RUNS}`,
        value: `${one.cpu.toFixed(2)} s`,
        goal: atMost(GOAL, 's', one.cpu),
      },
      { name: '  wall', value: `${one.wall.toFixed(2)} s` },
      { name: `  wall on ${cores} cores`, value: `${all.wall.toFixed(2)} s` },
      { name: '  with a percentile beside the errors, CPU', value: `${more.cpu.toFixed(2)} s` },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In seconds, medians. */
function timesOf(cwd: string, file: string, workers: number): { readonly wall: number; readonly cpu: number } {
  const program = resolve('dist/bin/sluice.js');
  const words = ['simulate', '-f', file, '--runs', '1000', '--workers', String(workers)];
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const call = ['--import', tellTime, program, ...words];
    const { status, stderr } = spawnSync(process.execPath, call, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(`sluice ${words.join(' ')} ended with ${status}: ${stderr}`);
    return { wall: (performance.now() - start) / 1000, cpu: Number(stderr.trim().split('\n').at(-1)) };
  });
  const median = (of: 'wall' | 'cpu') =>
    quantile(
      times.map((each) => each[of]),
      0.5,
    );
  return { wall: median('wall'), cpu: median('cpu') };
}
