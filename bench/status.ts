import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { atMost, type Figure, quantile } from './figure.js';
import { releaseText } from './release-text.js';

const RELEASES = 1_000;
const RUNS = 5;
const GOAL = 1.5;

/** The built program's `sluice status` of 1,000 releases under way, each with a status and a ledger of 30 windows. */
export function status(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    for (let i = 0; i < RELEASES; i++) {
      for (const [path, content] of Object.entries(filesOf(`app-${i}`))) {
        const file = join(folder, `releases/team-${i % 50}/app-${i}`, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
    }
    const table = secondsOf(folder, 'status');
    const json = secondsOf(folder, 'status', '-o', 'json');
    return [
      {
        name: `sluice status of ${RELEASES} releases, wall, median of ${RUNS}`,
        value: `${table.toFixed(2)} s`,
        goal: atMost(GOAL, 's', table),
      },
      { name: '  -o json, with the evidence of each', value: `${json.toFixed(2)} s` },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function secondsOf(cwd: string, ...argv: readonly string[]): number {
  const program = resolve('dist/bin/sluice.js');
  const seconds = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    execFileSync(process.execPath, [program, ...argv], { cwd, maxBuffer: 2 ** 28 });
    return (performance.now() - start) / 1000;
  });
  return quantile(seconds, 0.5);
}

function filesOf(name: string): { readonly [path: string]: string } {
  return {
    'values.yaml': releaseText(name, [80, 20]),
    'status.yaml': `phase: Progressing
iteration: 2
primary: ${name}-v1
candidate: ${name}-v2
identity: sha256:56eb3d06564944e9
share: 20
startedAt: "2026-11-21T14:27:05.000Z"
since: "2026-11-21T14:28:00.000Z"
traffic: 3000
message: "${name}-v2 keeps error-rate 0.032 % (limit 1 %); 3,125 requests against 3,077 of ${name}-v1"
verdict: pass
assessments:
- metric: error-rate
  classification: pass
  value: 0.00032
  baseline: 0.0008
  limit: 0.01
settled: []
`,
    'ledger.jsonl': `${JSON.stringify({
      ...{ iteration: 2, decision: 'advance', baseline: `${name}-v1`, candidate: `${name}-v2`, from: 5, to: 20 },
      windows: Array.from({ length: 30 }, (_, i) => ({
        end: 1_795_271_220 + 60 * i,
        versions: {
          [`${name}-v1`]: { requests: 5722, errors: 8, latencySum: 114_626 },
          [`${name}-v2`]: { requests: 257, errors: i % 3, latencySum: 5137 },
        },
      })),
    })}\n`,
  };
}
