import { ConfigError, type Problem } from '../../errors.js';
import { CanaryConfig, judgeName, readCanaryConfig } from '../../judges/kayenta/canary-config.js';
import type { PathSegment } from '../../release/contradiction.js';
import { knownKeys, nearest } from '../check-shape.js';
import { Metric, metricNamed } from '../metric-names.js';
import type { AnalysisLayer } from '../shared-analysis.js';
import { configError, parseSourceText, type SourceText } from '../source-text.js';
import { jsonFault } from './json-fault.js';

/** Returns the text of a file beside sluice.yaml, and its name for messages; undefined where it is not there. */
export type ReadBeside = (path: string) => { readonly text: string; readonly file: string } | undefined;

/** What a source tells. */
export interface KnownMetric {
  has(metric: string): boolean;
  readonly names: readonly string[];
}

/** What an analysis of sluice.yaml says of a canary config. */
export interface ConfigUse {
  /** From the folder of sluice.yaml. */
  readonly config: string;
  /** What a metric of the config is called here. */
  readonly metrics: { readonly [name: string]: string };
  /** What stands beside it. */
  readonly judge: string | undefined;
  readonly objectives: unknown;
}

interface Ground {
  readonly read: ReadBeside;
  readonly known: KnownMetric;
  readonly problem: AnalysisLayer['problem'];
}

/** What of a config is for those who keep it, and changes no judgement. */
const inert = ['id', 'createdTimestamp', 'createdTimestampIso', 'updatedTimestamp', 'updatedTimestampIso'];

/**
 * Returns what a canary config of Kayenta says as an analysis. Its queries and the templates of those are not asked: a
 * metric of ours takes the place of each, by the name that it is given, or by its own where they are the same.
 *
 * @throws ConfigError with all that cannot be taken, where it stands
 */
export function canaryLayer(use: ConfigUse, { read, known, problem }: Ground): AnalysisLayer {
  const at = ['kayenta', 'config'];
  const found = read(use.config);
  if (found === undefined) {
    const hint = 'Put the canary config there, as Spinnaker stores it, or correct the path.';
    throw configError([problem(at, `is ${use.config}, which is not there`, { hint })]);
  }
  const source = parseSourceText(jsonIn(found), found.file);
  const config = configIn(source);
  const faults = [
    ...besides(use, problem),
    ...strangers(use, config, problem),
    ...untaken(config, use, { source, known }),
  ];
  if (faults.length > 0) throw configError(faults);
  return {
    data: analysisOf(config, use),
    problem: (path, message, options) => source.problem(placeOf(path), message, options),
  };
}

function jsonIn({ text, file }: { readonly text: string; readonly file: string }): string {
  const fault = jsonFault(text);
  if (fault === undefined) return text;
  const hint = 'Mend it there, or save it again as Spinnaker shows it.';
  throw configError([{ file, path: '', ...fault, message: `is no JSON: ${fault.message}`, hint }]);
}

/** Keys that nobody here knows, and another judge, would change the judgement without a word. */
function configIn(source: SourceText): CanaryConfig {
  try {
    const { config, remarks } = readCanaryConfig(source.data, source.file);
    const faults = remarks.filter(({ path }) => !inert.includes(path));
    if (faults.length === 0) return config;
    throw configError(faults.map(({ path }) => (path === 'judge.name' ? judgeFault : keyFault)(source, path, config)));
  } catch (error) {
    if (!(error instanceof ConfigError) || error.code !== 'judges/canary-config') throw error;
    const placed = error.problems.map(({ path, message, hint }) => {
      return source.problem(segmentsOf(path), message, hint === undefined ? {} : { hint });
    });
    throw configError(placed);
  }
}

/** What else reads a config keeps it; here it would be judged by another one than it names. */
function judgeFault(source: SourceText, path: string, { judge }: CanaryConfig): Problem {
  const hint = `Only its decisions are made here: write ${judgeName} where those are meant.`;
  return source.problem(segmentsOf(path), `is ${JSON.stringify(judge.name)}, another judge than ${judgeName}`, {
    hint,
  });
}

function keyFault(source: SourceText, path: string): Problem {
  const segments = segmentsOf(path);
  const known = knownKeys(CanaryConfig, segments.slice(0, -1));
  const near = nearest(String(segments.at(-1)), known);
  const instead = near === undefined ? 'Take it out, where the judgement can do without.' : `Did you mean ${near}?`;
  const hint = `${instead} Allowed are: ${known.join(', ')}.`;
  return source.problem(segments, 'is no known key', { hint, atKey: true });
}

function segmentsOf(path: string): PathSegment[] {
  return path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function besides({ judge, objectives }: ConfigUse, problem: Ground['problem']): Problem[] {
  const faults: Problem[] = [];
  if (judge !== undefined && judge !== 'kayenta') {
    const hint = 'Write judge: kayenta, or take it out.';
    faults.push(problem(['judge'], `is ${judge}, but a canary config is for the judge kayenta`, { hint }));
  }
  if (objectives === undefined) return faults;
  const hint = 'The metrics of the config are the objectives: take one of the two out.';
  return [...faults, problem(['objectives'], 'stands beside kayenta.config', { hint })];
}

function strangers(
  { metrics, config: path }: ConfigUse,
  { metrics: all }: CanaryConfig,
  problem: Ground['problem'],
): Problem[] {
  const names = all.map(({ name }) => name);
  return Object.keys(metrics).flatMap((name) => {
    if (names.includes(name)) return [];
    const near = nearest(name, names);
    const hint = `${near === undefined ? '' : `Did you mean ${near}? `}Its metrics are: ${names.join(', ') || 'none'}.`;
    return [problem(['kayenta', 'metrics', name], `is no metric of ${path}`, { hint, atKey: true })];
  });
}

/** What of a config would be judged otherwise here than there. */
function untaken(
  { metrics, judge }: CanaryConfig,
  use: ConfigUse,
  { source, known }: { readonly source: SourceText; readonly known: KnownMetric },
): Problem[] {
  const faults: Problem[] = [];
  if (metrics.length === 0) faults.push(source.problem(['metrics'], 'is empty', { hint: 'Give it a metric.' }));
  const { judgeConfigurations = {} } = judge;
  if (Object.keys(judgeConfigurations as object).length > 0) {
    const hint = 'Its tolerance and its confidence are constants: take it out.';
    faults.push(source.problem(['judge', 'judgeConfigurations'], 'is not empty', { hint }));
  }
  metrics.forEach(({ name, groups, scopeName, analysisConfigurations }, i) => {
    const metric = calledHere(name, use);
    if (!isTold(metric, known)) {
      const hint = `Say under kayenta.metrics of the analysis which it is, such as ${JSON.stringify(name)}: error-rate; these are told: ${known.names.join(', ')}.`;
      const message = `is ${JSON.stringify(name)}, ${metric === name ? 'which is no metric here' : `for which ${metric} is named, which is no metric here`}`;
      faults.push(source.problem(['metrics', i, 'name'], message, { hint }));
    }
    if (scopeName !== 'default') {
      const message = `is ${JSON.stringify(scopeName)}, another scope than default`;
      faults.push(
        source.problem(['metrics', i, 'scopeName'], message, {
          hint: 'A release has one pair of versions to compare.',
        }),
      );
    }
    if (groups.length > 0 || analysisConfigurations.canary.muted) return;
    const hint = 'Name a group, or write muted: true.';
    faults.push(source.problem(['metrics', i, 'groups'], 'is empty, so the metric counts in no score', { hint }));
  });
  return faults;
}

function calledHere(name: string, { metrics }: ConfigUse): string {
  return (Object.hasOwn(metrics, name) ? metrics[name] : undefined) ?? name;
}

function isTold(name: string, known: KnownMetric): boolean {
  return Metric.safeParse(name).success && known.has(metricNamed(name));
}

function analysisOf({ metrics, classifier }: CanaryConfig, use: ConfigUse): AnalysisLayer['data'] {
  const { groupWeights, scoreThresholds } = classifier;
  return {
    judge: 'kayenta',
    objectives: metrics.map(({ name, groups, analysisConfigurations: { canary } }) => ({
      metric: calledHere(name, use),
      kayenta: { ...(groups.length > 0 && { groups }), ...canary },
    })),
    kayenta: { groupWeights, ...scoreThresholds },
  };
}

/** Returns where a config says what stands there in the analysis. */
function placeOf([key, position = '', ...rest]: readonly PathSegment[]): PathSegment[] {
  if (key === 'kayenta')
    return ['classifier', ...(position === 'groupWeights' ? [position] : ['scoreThresholds', position]), ...rest];
  if (key !== 'objectives' || position === '') return key === 'judge' ? ['judge'] : ['metrics'];
  const [part, inner = '', ...more] = rest;
  if (part !== 'kayenta') return ['metrics', position, 'name'];
  if (inner === 'groups') return ['metrics', position, 'groups', ...more];
  return ['metrics', position, 'analysisConfigurations', 'canary', inner, ...more];
}
