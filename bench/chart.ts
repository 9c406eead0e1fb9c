import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chartSource } from '../src/cli/chart-source.js';
import type { Environment } from '../src/release/environment.js';
import { chartFiles } from '../src/synth/chart/chart-files.js';
import { chartTemplates } from '../src/synth/chart/chart-templates.js';
import { synth } from '../src/synth/synth.js';
import { type Starter, starters } from '../test/real/starters.js';
import { tools } from '../test/real/tools.js';
import { atMost, type Figure, quantile } from './figure.js';

const ROUNDS = 7;
const GENERATING_GOAL = 2;
const PAIRS = 25;
const RENDERING_GOAL = 1.5;
/** The chart of all environments and strategies has more to read before it renders one. */
const UNIVERSAL_GOAL = 2.5;

/**
 * Charts of every environment: their making against the renderings that they are made of; and `helm template` of them,
 * and of the chart of all environments, against the chart that `helm create` makes. Both halves of a pair run in turn,
 * so that what else the machine does falls on both.
 */
export function chart(): Figure[] {
  const tried = starters.filter(({ file }) => /^(?!kserve-raw).*-blue-green\.yaml$/.test(file));
  const helm = existsSync(tools.helm);
  return [
    ...tried.map(generating),
    ...(helm ? [...tried.map(renderingOwn), ...tried.map(renderingUniversal)] : [notMeasured]),
  ];
}

const notMeasured: Figure = { name: 'helm template', value: 'not measured: npm run tools brings Helm' };

/** The shapes of a cell are the releases that its chart is learned from and tried on; `synth` renders as many. */
function generating({ cell, file, loaded: { text } }: Starter): Figure {
  const { environment, strategy } = cell;
  let count = 0;
  const pairs = Array.from({ length: ROUNDS + 1 }, () => {
    // Another object each time, as the chart of one environment is only made once.
    const counted = {
      ...environment,
      render(...given: Parameters<Environment['render']>) {
        count += 1;
        environment.render(...given);
      },
    };
    count = 0;
    const whole = cpuMilliseconds(() => chartTemplates([{ environment: counted, strategies: [strategy] }]));
    if (count === 0) throw new Error(`nothing of ${environment.id} was rendered, so nothing was measured`);
    const alone = cpuMilliseconds(() => {
      for (let i = 0; i < count; i += 1) synth(text, { name: 'bench', file });
    });
    return { alone, ratio: whole / alone };
  });
  // The first warms up.
  const name = `chart of ${nameOf(cell)} / synth of its ${count} shapes`;
  return figure(name, pairs.slice(1), GENERATING_GOAL);
}

function renderingOwn({ cell, loaded }: Starter): Figure {
  return inScratch((folder) => {
    const chart = join(folder, 'ours');
    for (const [path, text] of chartFiles(chartSource(loaded))) {
      const file = join(chart, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const ratios = againstCreated(folder, [chart]);
    return figure(`helm template, ${nameOf(cell)} / helm create's`, ratios, RENDERING_GOAL);
  });
}

function renderingUniversal({ cell, loaded }: Starter): Figure {
  return inScratch((folder) => {
    const values = join(folder, 'values.yaml');
    writeFileSync(values, loaded.text);
    const ratios = againstCreated(folder, ['charts/release', '--values', values]);
    return figure(`helm template charts/release, ${nameOf(cell)} / helm create's`, ratios, UNIVERSAL_GOAL);
  });
}

/** @param ours what `helm template` is given beside a name */
function againstCreated(folder: string, ours: readonly string[]): Pair[] {
  const created = join(folder, 'created');
  helm('create', created);
  const template = (given: readonly string[]) => milliseconds(() => helm('template', 'reviews', ...given));
  for (const each of [ours, [created]]) template(each);
  return Array.from({ length: PAIRS }, () => {
    const alone = template([created]);
    return { alone, ratio: template(ours) / alone };
  });
}

function inScratch<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nameOf({ environment, strategy }: Starter['cell']): string {
  return `${environment.id} x ${strategy.id}`;
}

function helm(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(tools.helm, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`helm ${args.join(' ')} ended with ${status}: ${stderr}`);
}

interface Pair {
  /** Milliseconds of what is compared with. */
  readonly alone: number;
  readonly ratio: number;
}

function figure(name: string, pairs: readonly Pair[], goal: number): Figure {
  const ratios = pairs.map(({ ratio }) => ratio);
  const median = quantile(ratios, 0.5);
  const alone = quantile(
    pairs.map((pair) => pair.alone),
    0.5,
  );
  const spread = `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`;
  return {
    name,
    value: `${median.toFixed(2)} x (${spread}) of ${alone.toFixed(0)} ms`,
    goal: atMost(goal, 'x', median),
  };
}

function cpuMilliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}

function milliseconds(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
