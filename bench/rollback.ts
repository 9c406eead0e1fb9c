import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, type Figure, quantile } from './figure.js';
import { makeReleases, program } from './repository.js';

const RELEASES = 1_000;
const RUNS = 10;
const GOAL = 1;

/** What `sluice rollback` takes from the keyboard to the commit, in a repository of 1,000 releases. */
export function rollback(): Figure[] {
  const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const start = makeReleases(root, RELEASES, { valuesOf });
    run(root, ['rollback', 'app-0']);
    const candidate = secondsOf(RUNS, (i) => run(root, ['rollback', `app-${i + 1}`]));
    const commit = secondsOf(RUNS, (i) => run(root, ['rollback', `app-${i + 1}`, '--to', start]));
    const name = (what: string) => `${what}, ${RELEASES} releases, wall, median of ${RUNS}`;
    return [
      { name: name('rollback'), value: `${candidate.toFixed(2)} s`, goal: atMost(GOAL, 's', candidate) },
      { name: name('rollback --to COMMIT'), value: `${commit.toFixed(2)} s`, goal: atMost(GOAL, 's', commit) },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Its candidate has traffic. */
function valuesOf(name: string): string {
  return `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: ${name}-v1}, image: "registry.example/${name}:v1", weight: 80}
  - {metadata: {name: ${name}-v2}, image: "registry.example/${name}:v2", weight: 20}
analysis:
  interval: 60s
  objectives: [{metric: error-rate, upperLimit: 0.01}]
`;
}

function secondsOf(runs: number, work: (run: number) => void): number {
  const seconds = Array.from({ length: runs }, (_, i) => {
    const start = performance.now();
    work(i);
    return (performance.now() - start) / 1000;
  });
  return quantile(seconds, 0.5);
}

function run(cwd: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0 || stdout.includes('nothing to do')) throw new Error(`sluice ${args.join(' ')}: ${stdout}${stderr}`);
}
