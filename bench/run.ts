// `npm run bench` prints every figure, `npm run bench -- cold-start` those of one benchmark. A goal that is missed is
// printed and fails nothing: a busy machine is no defect. `npx tsx bench/run.ts decisions --runs 100` takes minutes, so that
// it is run where it is named only; what begins with -- is for it.
import { cpus } from 'node:os';
import { chart } from './chart.js';
import { coldStart } from './cold-start.js';
import { decisions } from './decisions.js';
import type { Figure } from './figure.js';
import { git } from './git.js';
import { judges } from './judges.js';
import { pass } from './pass.js';
import { rollback } from './rollback.js';
import { simulate } from './simulate.js';
import { status } from './status.js';
import { thousandReleases } from './thousand-releases.js';

type Benchmark = (args: readonly string[]) => Figure[] | Promise<Figure[]>;

const benchmarks: { readonly [name: string]: Benchmark } = {
  chart,
  'cold-start': coldStart,
  decisions,
  git,
  judges,
  pass,
  status,
  rollback,
  simulate,
  'thousand-releases': thousandReleases,
};

const long: readonly string[] = ['decisions'];

async function main(words: readonly string[]): Promise<void> {
  const first = words.findIndex((word) => word.startsWith('--'));
  const [names, args] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
  const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    console.error(`Cannot run ${unknown.join(', ')} as a benchmark: known are ${Object.keys(benchmarks).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (names.length === 0 ? !long.includes(name) : names.includes(name)) print(name, await benchmark(args));
  }
}

function print(benchmark: string, figures: readonly Figure[]): void {
  const rows = figures.map(({ name, value, goal }) => [name, value, goal?.text ?? '', verdict(goal)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${benchmark}`);
  for (const row of rows) console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}

function verdict(goal: Figure['goal']): string {
  if (goal === undefined) return '';
  return goal.met ? 'met' : 'MISSED';
}

await main(process.argv.slice(2));
