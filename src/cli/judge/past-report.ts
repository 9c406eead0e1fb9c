import type { Hindsight, PastDecision, PastLook } from '../../evaluate/hindsight.js';
import { beginOf } from '../../evaluate/phases/analysed.js';
import { isoTime } from '../../release/iso-time.js';
import { duration } from '../../reports/words.js';
import { type Line, paint, type Style } from '../demo/text.js';
import type { Io } from '../io.js';
import type { Asked } from './past-asked.js';
import { isColourful, styles } from './report.js';

/** What is judged of a release, and what came of it. */
export interface Past extends Hindsight, Asked {
  /** The folder of the release below `releases/`. */
  readonly release: string;
}

/** Returns what was found as a person reads it: where it changed, and what would have been decided. */
export function pastText(past: Past, { stdout }: Io): string {
  const colour = isColourful(stdout, process.env);
  const { release, baseline, candidates, windows, analysis, looks, decisions } = past;
  const { interval, firstEnd, lastEnd } = windows;
  const count = (lastEnd - firstEnd) / interval + 1;
  const span = `${isoTime(firstEnd - interval)} to ${isoTime(lastEnd)}`;
  const head: Line = [
    { text: release, style: 'bold' },
    {
      text: `: ${candidates.join(', ')} beside ${baseline}, ${windowsWords(count, interval)}, ${span}, by ${analysis.judge}`,
    },
  ];
  const told = looks.filter(
    ({ verdict }, i) => looks[i - 1]?.verdict.outcome !== verdict.outcome || i === looks.length - 1,
  );
  const lines = [...told.map(lookLine), ...decisions.map(decisionLine)].sort((a, b) => a.at - b.at);
  const nothing = looks.length === 0 ? warmingUp(past) : 'nothing would have been decided';
  const none: Line[] = decisions.length > 0 ? [] : [[{ text: `  ${nothing}`, style: 'dim' }]];
  return [head, ...lines.map(({ line }) => line), ...none].map((line) => `${paint(line, colour)}\n`).join('');
}

/** Only a warm-up leaves a stretch without a look. */
function warmingUp({ from, analysis }: Past): string {
  const { interval, warmUp = 0 } = analysis;
  const first = Math.ceil(beginOf(from, analysis) / interval) * interval + interval;
  return `nothing is looked at: the warm-up of ${duration(warmUp)} covers every window; the first that counts ends at ${isoTime(first)}`;
}

function windowsWords(count: number, interval: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'window' : 'windows'} of ${interval} s`;
}

interface Dated {
  readonly at: number;
  readonly line: Line;
}

function lookLine({ end, verdict: { outcome, sentence } }: PastLook): Dated {
  const line: Line = [
    { text: `  ${isoTime(end)}  `, style: 'dim' },
    { text: outcome, style: styles[outcome] },
    { text: `  ${sentence}` },
  ];
  return { at: end, line };
}

const words = {
  promote: 'would promote',
  'roll back': 'would roll back',
  inconclusive: 'would end without a conclusion for',
  kept: 'would keep',
} as const satisfies { readonly [Kind in PastDecision['kind']]: string };

const kindStyles: { readonly [Kind in PastDecision['kind']]: Style } = {
  promote: 'green',
  'roll back': 'red',
  inconclusive: 'cyan',
  kept: 'yellow',
};

function decisionLine({ at, kind, versions }: PastDecision): Dated {
  const line: Line = [
    { text: `  ${isoTime(at)}  `, style: 'dim' },
    { text: `${words[kind]} ${versions.join(', ')}`, style: kindStyles[kind] },
  ];
  return { at, line };
}

/** Returns all of it for programs: every look, and the last verdict with its numbers. */
export function pastJson({ release, baseline, candidates, windows, analysis, looks, decisions }: Past): string {
  const { interval, firstEnd, lastEnd } = windows;
  const last = looks.at(-1)?.verdict;
  const report = {
    ...{ release, judge: analysis.judge, baseline, candidates, interval },
    ...{ from: isoTime(firstEnd - interval), to: isoTime(lastEnd), outcome: last?.outcome ?? 'inconclusive' },
    decisions: decisions.map(({ at, ...rest }) => ({ at: isoTime(at), ...rest })),
    looks: looks.map(({ end, verdict: { outcome, sentence, winner } }) => {
      return { end: isoTime(end), outcome, sentence, ...(winner !== undefined && { winner }) };
    }),
    standings: last?.standings ?? [],
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
