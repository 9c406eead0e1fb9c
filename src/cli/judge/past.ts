import { ConfigError } from '../../errors.js';
import { inHindsight, type Stretch } from '../../evaluate/hindsight.js';
import { ledgerOf, subjectsOf } from '../../evaluate/ledger.js';
import { type JudgeId, judges } from '../../judges/registry.js';
import { gaugesIn, type LedgerRow, readsBuckets, type Source } from '../../release/evaluation.js';
import type { Outcome } from '../../release/judge.js';
import { openSource } from '../../sources/registry.js';
import type { LoadedValues } from '../../values/load.js';
import type { CommandInput } from '../command.js';
import { metricsOf } from '../evaluate.js';
import { exitCodes, type Io } from '../io.js';
import { outputFormat } from '../output-format.js';
import { openWorkspace, type ReleaseEntry, readRelease } from '../workspace.js';
import { type Asked, askedOf } from './past-asked.js';
import { type Past, pastJson, pastText } from './past-report.js';

/** Judges a past stretch of a release window by window, as if somebody had looked; nothing is written. */
export async function judgePast({ argument = '', options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the judgement', ['text', 'json']);
  const workspace = openWorkspace(io.cwd);
  const settings = metricsOf(workspace);
  const { id, loaded } = readRelease(workspace, argument) as ReleaseEntry;
  if (loaded instanceof ConfigError) throw loaded;
  const asked = askedOf({ id, loaded }, options, { now: io.now(), delay: settings.delay });
  const source = openSource(settings, { root: workspace.root });
  const { rows, warnings } = await rowsOf(source, loaded, asked);
  for (const warning of warnings) io.stderr.write(`${warning}\n`);
  const found = inHindsight(stretchOf(loaded, asked, { rows, delay: settings.delay }), await verdictOf(asked));
  const past: Past = { release: id, ...asked, ...found };
  io.stdout.write(format === 'json' ? pastJson(past) : pastText(past, io));
  return codes[past.looks.at(-1)?.verdict.outcome ?? 'inconclusive'];
}

/** As for a single case: what was found last tells. */
const codes: { readonly [O in Outcome]: number } = {
  pass: exitCodes.done,
  marginal: exitCodes.done,
  fail: exitCodes.judgedFail,
  inconclusive: exitCodes.inconclusive,
};

function verdictOf({ analysis }: Asked) {
  return judges[analysis.judge as JudgeId].load();
}

async function rowsOf(
  source: Source,
  { release }: LoadedValues,
  { analysis, baseline, candidates, windows }: Asked,
): Promise<{ readonly rows: readonly LedgerRow[]; readonly warnings: readonly string[] }> {
  const byName = subjectsOf(release, [baseline, ...candidates]);
  const subjects = Object.values(byName);
  const bucketsOf = readsBuckets(analysis) ? subjects : [];
  const gaugesOf = Object.fromEntries(gaugesIn(analysis).map((metric) => [metric, subjects] as const));
  const answer = await source.read({ subjects, bucketsOf, gaugesOf, ...windows });
  return { rows: ledgerOf(byName, windows, answer).rows, warnings: answer.warnings };
}

function stretchOf(
  { release: { rollout, strategy } }: LoadedValues,
  { analysis, baseline, candidates, from }: Asked,
  seen: Pick<Stretch, 'rows' | 'delay'>,
): Stretch {
  const how = rollout ?? { policy: '', steps: [], onTermination: 'to-winner', onInconclusive: 'hold' };
  return { analysis, rollout: how, baseline, candidates, from, comparable: strategy.needs !== 'match', ...seen };
}
