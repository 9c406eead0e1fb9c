import type { Problem } from '../errors.js';
import type { PathSegment } from '../release/contradiction.js';
import { type CheckedText, checkShape, nearest } from './check-shape.js';
import { AnalysisPart, judgeSettings } from './evaluation-values.js';
import { DEFAULT_JUDGE } from './resolve-evaluation.js';
import type { ProblemOptions } from './source-text.js';

/** What is written of an analysis in one place; paths begin at the analysis. */
export interface AnalysisLayer {
  readonly data: Keys;
  problem(path: Path, message: string, options?: ProblemOptions): Problem;
}

/** The analyses that a project has for its releases, by name; what comes later in a list stands above the rest. */
export interface SharedAnalyses {
  readonly [name: string]: readonly AnalysisLayer[];
}

type Keys = { readonly [key: string]: unknown };
type Path = readonly PathSegment[];

/** Values with the analysis that they use filled in. */
export interface WithShared extends CheckedText {
  /** Why it cannot be filled in. */
  readonly faults: readonly Problem[];
  /** Whether nobody knows what they use: they are then read as if they asked for no analysis. */
  readonly isOpen: boolean;
}

/**
 * Returns values in which what `analysis.use` names is filled in: their own keys stand above those of the shared analysis,
 * and the settings of a judge are put together key by key. What is wrong is placed where it is written.
 *
 * @param analyses undefined where nobody knows the project
 * @throws ConfigError for keys that are wrong by themselves, where nobody knows the project
 */
export function withShared(source: CheckedText, analyses: SharedAnalyses | undefined): WithShared {
  const own = ownIn(source);
  const use = own?.data.use;
  if (own === undefined || typeof use !== 'string') return { ...source, faults: [], isOpen: false };
  const shared = analyses !== undefined && Object.hasOwn(analyses, use) ? analyses[use] : undefined;
  if (shared === undefined) {
    checkShape(own, AnalysisPart);
    const { analysis: _, ...data } = source.data as Keys;
    const faults = analyses === undefined ? [] : [unknownName(own, use, Object.keys(analyses))];
    return { data, problem: source.problem, faults, isOpen: true };
  }
  const layers = [...shared, own];
  return {
    data: { ...(source.data as Keys), analysis: merged(layers) },
    problem(path, message, options) {
      const [top, ...rest] = path;
      return top === 'analysis' ? placed(layers, rest, message, options) : source.problem(path, message, options);
    },
    faults: [],
    isOpen: false,
  };
}

function ownIn({ data, problem }: CheckedText): AnalysisLayer | undefined {
  const analysis = isMap(data) ? data.analysis : undefined;
  if (!isMap(analysis)) return undefined;
  return { data: analysis, problem: (path, message, options) => problem(['analysis', ...path], message, options) };
}

function unknownName(own: AnalysisLayer, use: string, known: readonly string[]): Problem {
  const near = nearest(use, known);
  const allowed = known.length === 0 ? 'It has none: write it there.' : `Allowed are: ${known.join(', ')}.`;
  const hint = `${near === undefined ? '' : `Did you mean ${near}? `}${allowed}`;
  return own.problem(['use'], `is ${use}, which analyses of sluice.yaml does not have`, { hint });
}

/** They say the same in two ways, so the one replaces the other. */
const alternatives = { maxDuration: 'maxIterations', maxIterations: 'maxDuration' } as const;

function merged(layers: readonly AnalysisLayer[]): Keys {
  return layers.reduce<Keys>((below, { data }) => {
    const gone = new Set<string>(replacedBy(data, below));
    const kept = Object.fromEntries(Object.entries(below).filter(([key]) => !gone.has(key)));
    const together = judgeSettings.flatMap((key) => {
      const [old, added] = [kept[key], data[key]];
      return isMap(old) && isMap(added) ? [[key, { ...old, ...added }] as const] : [];
    });
    return { ...kept, ...data, ...Object.fromEntries(together) };
  }, {});
}

/** What was set for one judge is nothing to the one that takes its place. */
function replacedBy(data: Keys, { judge = DEFAULT_JUDGE }: Keys): string[] {
  const gone = Object.entries(alternatives).flatMap(([key, other]) => (Object.hasOwn(data, key) ? [other] : []));
  if (data.judge === undefined || data.judge === judge) return gone;
  return [...gone, ...judgeSettings.filter((key) => key !== data.judge)];
}

/** Whoever uses a shared analysis is named beside what is wrong in it; what is missing is so in all places. */
function placed(layers: readonly AnalysisLayer[], path: Path, message: string, options?: ProblemOptions): Problem {
  const [own, ...shared] = layers.toReversed();
  if (own === undefined || path.length === 0 || holds(own, path)) {
    return (own as AnalysisLayer).problem(path, message, options);
  }
  const layer = shared.find((each) => holds(each, path));
  if (layer === undefined) {
    const above = shared.at(-1)?.problem([], '');
    return own.problem(path, `${message}, here and in ${above?.file}:${above?.line}`, options);
  }
  const user = own.problem(['use'], '');
  return layer.problem(path, `${message} (used in ${user.file}:${user.line})`, options);
}

/** The settings of a judge may come from several places. */
function holds({ data }: AnalysisLayer, [key = '', inner]: Path): boolean {
  const value = data[key];
  if (value === undefined) return false;
  const isPart = judgeSettings.some((each) => each === key) && inner !== undefined && isMap(value);
  return !isPart || Object.hasOwn(value, inner);
}

function isMap(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
