import type { Finding } from '../../lints/lint.js';
import { code, plain, table } from '../../reports/markdown.js';
import { type Line, paint, type Style } from '../demo/text.js';
import type { Unchecked } from '../validate/report.js';
import type { PlannedStep } from './planned-step.js';
import { type CandidatePlan, isSound, type ReleasePlan } from './release-plan.js';
import type { Standing } from './standings.js';
import type { TogetherPlan } from './together-plan.js';

/** What is told in rows. */
interface Table extends Pick<CandidatePlan, 'now' | 'steps' | 'rate' | 'notes'> {
  readonly title: string;
}

/** All that was planned. */
export interface PlanReport {
  readonly plans: readonly ReleasePlan[];
  /** What schemas could not check. */
  readonly unchecked: readonly Unchecked[];
}

/** The ways to print a plan. */
export const formats = { text: formatText, json: formatJson, markdown: formatMarkdown } as const;

/** What is not known is null. */
function formatJson({ plans, unchecked }: PlanReport): string {
  const document = { fails: !plans.every(isSound), plans, unchecked };
  return `${JSON.stringify(document, (_, value) => (value === undefined ? null : value), 2)}\n`;
}

function formatText({ plans, unchecked }: PlanReport, colour: boolean): string {
  const sections = plans.map((plan) =>
    sectionOf(plan)
      .map((line) => `${paint(line, colour)}\n`)
      .join(''),
  );
  const left = unchecked.map(({ subject, reason }) => `not checked: ${subject}: ${reason}\n`);
  return plans.length === 0 ? 'no releases\n' : [...sections, ...(left.length > 0 ? [left.join('')] : [])].join('\n');
}

/** What is expected comes first, then what each candidate could do. */
function tablesOf({ together, candidates }: ReleasePlan): Table[] {
  const one = ({ candidate, primary, policy, judge }: CandidatePlan) => {
    return `${candidate} beside ${primary}; ${policy}, ${judge}`;
  };
  const all = ({ candidates: names, primary, policy, judge }: TogetherPlan) => {
    return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} together beside ${primary}; ${policy}, ${judge}`;
  };
  return [
    ...(together === undefined ? [] : [{ ...together, title: all(together) }]),
    ...candidates.map((plan) => ({ ...plan, title: one(plan) })),
  ];
}

function sectionOf(plan: ReleasePlan): Line[] {
  const { release, idle, findings } = plan;
  const own = findings.flatMap((each) => findingLines(each));
  if (idle !== undefined) return [[{ text: release, style: 'bold' }, { text: `: ${idle}` }], ...own];
  const blank: Line = [];
  const tables = tablesOf(plan).flatMap((table, i) => [...(i === 0 ? [] : [blank]), ...tableLines(release, table)]);
  return [...tables, ...own];
}

function tableLines(release: string, plan: Table): Line[] {
  const [head = [], ...rows] = cellsOf(plan);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const lineOf = (row: readonly string[]) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd();
  return [
    [{ text: release, style: 'bold' }, { text: `: ${plan.title}` }],
    [{ text: lineOf(head), style: 'dim' }],
    ...rows.map((row, i): Line => [{ text: lineOf(row), ...(plan.steps[i - 1]?.fails && { style: 'red' as const }) }]),
    ...plan.notes.map((text): Line => [{ text: `  ${text}` }]),
    ...plan.steps.flatMap(remarkLines),
  ];
}

/** The head, what there is now, and a row for every step. */
function cellsOf({ now, steps, rate }: Table): string[][] {
  const all = [now, ...steps.map((step) => step.versions)].flat();
  const versions = [...new Set(all.map(({ version }) => version))];
  const cells = (row: readonly Standing[]) =>
    versions.map((name) => {
      const standing = row.find(({ version }) => version === name);
      return standing === undefined ? '-' : cellOf(standing, { versions: row, rate });
    });
  return [
    ['step', ...versions, 'earliest', 'waits for', 'changes'],
    ['now', ...cells(now), '', '', ''],
    ...steps.map((step) => [
      step.name,
      ...cells(step.versions),
      step.fails ? 'fails' : step.earliest === undefined ? 'never' : inTime(step.earliest),
      step.waitsFor.join(', '),
      step.objects.map(({ object }) => object).join(', '),
    ]),
  ];
}

interface CellGround {
  readonly versions: readonly Standing[];
  readonly rate: number | undefined;
}

/** Pods are worth a word where a version has several, or requests are asked for. */
function cellOf({ amount, pods, load }: Standing, { versions, rate }: CellGround): string {
  if (!pods || !load || (rate === undefined && versions.every((each) => (each.pods ?? 1) <= 1))) return amount;
  return `${amount} (${pods} x ${rate === undefined ? `${brief(load)} %` : `${brief((rate * load) / 100)}/s`})`;
}

function inTime(seconds: number): string {
  if (seconds === 0) return 'next pass';
  if (seconds < 60) return `+${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `+${minutes} min` : `+${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A digit behind the point, and two of what is below 1. */
function brief(number: number): string {
  return String(Number(number < 1 ? number.toPrecision(2) : number.toFixed(1)));
}

/** What a table of percents does not tell. */
function wordsOf({ changes }: PlannedStep): string[] {
  return changes.filter(({ risk, kind }) => risk === 'high' && kind !== 'share').map(({ text }) => text);
}

function remarkLines(step: PlannedStep): Line[] {
  const words = wordsOf(step).map((text): Line => [{ text: `  ${step.name}: ${text}` }]);
  return [...words, ...step.findings.flatMap((finding) => findingLines(finding, `${step.name}: `))];
}

const styles: { readonly [S in Finding['severity']]: Style } = { error: 'red', warning: 'yellow', info: 'dim' };

function findingLines(finding: Finding, before = ''): Line[] {
  const { severity, hint } = finding;
  return [
    [{ text: `  ${before}` }, { text: severity, style: styles[severity] }, { text: ` ${placed(finding)}` }],
    ...(hint === undefined ? [] : [[{ text: `    hint: ${hint}`, style: 'dim' } as const]]),
  ];
}

function placed({ file, line, column, code: rule, path, message }: Finding): string {
  const where = line === undefined ? file : `${file}:${line}:${column}`;
  return `${where} ${path === '' ? '' : `${path}: `}${message} [${rule}]`;
}

function formatMarkdown({ plans, unchecked }: PlanReport): string {
  const sections = plans.map((plan) => {
    const { release, idle, findings } = plan;
    const parts = [
      `### ${plain(release)}${isSound(plan) ? '' : ': a step fails'}\n`,
      ...(idle === undefined ? [] : [`${plain(idle)}\n`]),
      ...tablesOf(plan).flatMap((each) => [`${plain(each.title)}\n`, table(cellsOf(each)), listOf(each)]),
      findings.map((each) => itemOf(each)).join(''),
    ];
    return parts.filter((part) => part !== '').join('\n');
  });
  const left = unchecked.map(({ subject, reason }) => `- not checked: ${plain(`${subject}: ${reason}`)}\n`).join('');
  return [
    '## sluice plan\n',
    ...(plans.length === 0 ? ['no releases\n'] : sections),
    ...(left === '' ? [] : [left]),
  ].join('\n');
}

function listOf({ notes, steps }: Table): string {
  const rows = steps
    .flatMap((step) => [
      ...wordsOf(step).map((text) => `- ${plain(`${step.name}: ${text}`)}\n`),
      ...step.findings.map((finding) => itemOf(finding, `${step.name}: `)),
    ])
    .join('');
  return `${notes.map((text) => `- ${plain(text)}\n`).join('')}${rows}`;
}

function itemOf(finding: Finding, before = ''): string {
  const { severity, hint } = finding;
  return `- **${severity}** ${code(`${before}${placed(finding)}`)}${hint === undefined ? '' : `: ${plain(hint)}`}\n`;
}
