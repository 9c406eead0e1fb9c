import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atMost, type Figure, quantile } from './figure.js';

const PAIRS = 25;
const GOAL = 1.8;

const root = fileURLToPath(new URL('..', import.meta.url));
const nothing = ['-e', '0'];
const synth = ['dist/bin/sluice.js', 'synth', '-f', 'templates/values/istio-blue-green.yaml', '--name', 'reviews'];

/**
 * A cold `sluice synth` of one release against a Node that does nothing, in pairs: what else the machine does falls on
 * both halves of a pair.
 */
export function coldStart(): Figure[] {
  wallTime(nothing);
  wallTime(synth);
  const pairs = Array.from({ length: PAIRS }, () => ({ nothing: wallTime(nothing), synth: wallTime(synth) }));
  const ratios = pairs.map((pair) => pair.synth / pair.nothing);
  const spread = `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`;
  return [
    { name: 'node -e 0, wall', value: `${median(pairs.map((pair) => pair.nothing))} ms` },
    { name: 'sluice synth of one release, wall', value: `${median(pairs.map((pair) => pair.synth))} ms` },
    {
      name: `ratio of ${PAIRS} pairs, median (half of them)`,
      value: `${quantile(ratios, 0.5).toFixed(2)} x (${spread})`,
      goal: atMost(GOAL, 'x', quantile(ratios, 0.5)),
    },
  ];
}

function median(milliseconds: readonly number[]): string {
  return quantile(milliseconds, 0.5).toFixed(1);
}

/** Returns the milliseconds from start to exit. */
function wallTime(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return elapsed;
}
