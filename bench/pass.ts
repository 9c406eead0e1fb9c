import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, type Figure, quantile } from './figure.js';
import { type Questions, serveAnswers } from './recorded-answers.js';
import { makeReleases, program } from './repository.js';

const RELEASES = 1_000;
/** Questions on the pods of entries are aside: those on metrics count. */
const GOALS = { seconds: 10, mebibytes: 500, questions: 10 };
/** Unix seconds, six into a minute, so that the newest window is complete. */
const BEGIN = 1_795_272_006;
/** Minutes after the entry of all candidates at which passes are measured; and one when they have read for two hours. */
const LOOKS = [31, 32, 33];
const LATE = 121;

/** What a pass on one core takes of 1,000 releases under analysis with five metrics each, 31 minutes after their entry. */
export async function pass(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const answers = await serveAnswers(Array.from({ length: RELEASES }, (_, i) => `app-${i}`));
  try {
    const files = {
      'sluice.yaml': `metrics: {source: prometheus, url: "${answers.url}"}
`,
    };
    makeReleases(folder, RELEASES, { valuesOf, files });
    const first = await passAt(folder, BEGIN);
    const passes: Usage[] = [];
    const asked: Questions[] = [];
    for (const minute of LOOKS) {
      answers.forget();
      const before = answers.questions();
      passes.push(await passAt(folder, BEGIN + 60 * minute));
      asked.push(since(before, answers.questions()));
    }
    answers.forget();
    const late = await passAt(folder, BEGIN + 60 * LATE);
    return [...figuresOf(passes, asked), ...figuresOfLate(late), ...figuresOfFirst(first)];
  } finally {
    answers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function since(before: Questions, now: Questions): Questions {
  return { metrics: now.metrics - before.metrics, pods: now.pods - before.pods };
}

function figuresOf(passes: readonly Usage[], asked: readonly Questions[]): Figure[] {
  const seconds = quantile(
    passes.map((each) => each.seconds),
    0.5,
  );
  const mebibytes = Math.max(...passes.map((each) => each.mebibytes));
  const questions = Math.max(...asked.map(({ metrics }) => metrics));
  return [
    {
      name: `a pass of ${RELEASES} releases x 5 metrics on one core, wall, median of ${passes.length}`,
      value: `${seconds.toFixed(2)} s`,
      goal: atMost(GOALS.seconds, 's', seconds),
    },
    {
      name: '  the most memory that it held',
      value: `${mebibytes.toFixed(0)} MiB`,
      goal: atMost(GOALS.mebibytes, 'MiB', mebibytes),
    },
    {
      name: '  questions to Prometheus on metrics, at most',
      value: `${questions}`,
      goal: atMost(GOALS.questions, 'questions', questions),
    },
    { name: '  and on pods', value: asked.map(({ pods }) => pods).join(', ') },
  ];
}

function figuresOfLate({ seconds, mebibytes }: Usage): Figure[] {
  return [
    {
      name: `  ${LATE} minutes after the entry, wall`,
      value: `${seconds.toFixed(2)} s`,
      goal: atMost(GOALS.seconds, 's', seconds),
    },
    {
      name: '  the most memory that it held',
      value: `${mebibytes.toFixed(0)} MiB`,
      goal: atMost(GOALS.mebibytes, 'MiB', mebibytes),
    },
  ];
}

/** That of the entries reads what four pods of each did for four hours. */
function figuresOfFirst({ cpuSeconds, mebibytes }: Usage): Figure[] {
  return [
    { name: '  the pass before, in which all enter, CPU', value: `${cpuSeconds.toFixed(2)} s` },
    {
      name: '  the most memory that it held',
      value: `${mebibytes.toFixed(0)} MiB`,
      goal: atMost(GOALS.mebibytes, 'MiB', mebibytes),
    },
  ];
}

function valuesOf(name: string): string {
  return `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: ${name}-v1}, image: "registry.example/${name}:v1", weight: 100}
  - {metadata: {name: ${name}-v2}, image: "registry.example/${name}:v2", weight: 0}
analysis:
  interval: 60s
  objectives:
  - {metric: error-rate}
  - {metric: latency-mean}
  - {metric: latency-p95}
  - {metric: latency-p99}
  - {metric: request-count, lowerLimit: 100000}
rollout: {entryShare: 20}
`;
}

interface Usage {
  /** By the clock. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

/** Runs `sluice evaluate` at a time of its own on the first core, if the machine can say which one. */
async function passAt(cwd: string, now: number): Promise<Usage> {
  const told = join(cwd, '.git', 'usage');
  const script = `Date.now = () => ${now * 1000};
import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.resourceUsage())));`;
  const node = [
    process.execPath,
    '--import',
    `data:text/javascript,${encodeURIComponent(script)}`,
    program,
    'evaluate',
  ];
  const [command = '', ...args] = process.platform === 'linux' ? ['taskset', '-c', '0', ...node] : node;
  const start = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`sluice evaluate ended with ${code}: ${said.slice(-2000)}`);
  const seconds = (performance.now() - start) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(told, 'utf8')) as NodeJS.ResourceUsage;
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, mebibytes: maxRSS / 1024 };
}
