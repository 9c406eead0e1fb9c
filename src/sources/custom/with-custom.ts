import {
  type Counts,
  gaugeIds,
  isSample,
  type Missing,
  type Sample,
  type SampleRequest,
  type Source,
  type Subject,
} from '../../release/evaluation.js';
import { ownPercentileOf } from '../../release/own-metric.js';
import { shownOr } from '../shown-or.js';
import { wantedOf } from '../wanted-of.js';
import type { CountedKind } from './metric-file.js';

/** What there is of one metric. */
export interface CustomColumn {
  /** What was asked, in the source's language. */
  readonly queries: readonly string[];
  readonly warnings: readonly string[];
  /** The counts or the value of a subject in the window that ends at `end`, undefined where there are none. */
  value(subject: Subject, end: number): Counts | number | undefined;
}

type Columns = Readonly<Record<string, CustomColumn>>;

/** The metrics of one's own by their names, each with what is counted of it; undefined for one with a value a window. */
export type Definitions = ReadonlyMap<string, CountedKind | undefined>;

/** Reads the metrics of one's own that a request wants, by the names that they are defined by. */
export type ReadCustom = (
  request: SampleRequest,
  wanted: Readonly<Record<string, readonly Subject[]>>,
) => Promise<Columns>;

/**
 * Returns the source with metrics of one's own in its samples. A subject of which a metric is wanted that nobody has
 * defined has no sample: without that it would never be noticed.
 */
export function withCustom(source: Source, definitions: Definitions, readCustom: ReadCustom): Source {
  const { pods, together } = source;
  return {
    ...(pods && { pods }),
    ...(together && { together: () => withCustom(together(), definitions, readCustom) }),
    async read(request) {
      const own = ownIn(wantedOf(request).gaugesOf);
      if (own.length === 0) return source.read(request);
      const needed = ownIn(request.gaugesOf ?? {});
      const judged = new Set(needed.map(([name]) => definedAs(name, definitions)));
      const isJudged = ([name]: Own[number]) => judged.has(definedAs(name, definitions));
      const reading = async (some: Own): Promise<Columns> => {
        const wanted = readingsOf(some, definitions);
        return Object.keys(wanted).length === 0 || request.lastEnd < request.firstEnd
          ? {}
          : readCustom(request, wanted);
      };
      const [answer, columnsJudged, shown] = await Promise.all([
        source.read(request),
        reading(own.filter(isJudged)),
        shownOr(reading(own.filter((each) => !isJudged(each))), {}),
      ]);
      const columns = { ...shown.found, ...columnsJudged };
      const found = Object.values(columns);
      const [subjectsOf, neededOf] = [keysOf(own), keysOf(needed)];
      return {
        warnings: [...new Set([...answer.warnings, ...found.flatMap(({ warnings }) => warnings), ...shown.warnings])],
        queries: [...answer.queries, ...found.flatMap(({ queries }) => queries)],
        sample(subject, end) {
          const sample = answer.sample(subject, end);
          const key = keyOf(subject);
          const names = namesFor(key, subjectsOf);
          const unknown = namesFor(key, neededOf).find((name) => definedAs(name, definitions) === undefined);
          if (unknown !== undefined) return { missing: unknownWords(unknown, definitions) };
          const defined = new Set(names.flatMap((name) => definedAs(name, definitions) ?? []));
          return withFigures(sample, [...defined], (name) => columns[name]?.value(subject, end));
        },
      };
    },
  };
}

/** Returns the metric that a name asks for: the one of that name, or the histogram of which it is a percentile. */
export function definedAs(name: string, definitions: Definitions): string | undefined {
  if (definitions.has(name) && definitions.get(name) !== 'histogram') return name;
  const histogram = ownPercentileOf(name)?.histogram;
  return histogram !== undefined && definitions.get(histogram) === 'histogram' ? histogram : undefined;
}

type Own = ReturnType<typeof ownIn>;

function ownIn(gaugesOf: NonNullable<SampleRequest['gaugesOf']>) {
  return Object.entries(gaugesOf).filter(([name]) => !gaugeIds.some((id) => id === name));
}

function keysOf(own: Own) {
  return own.map(([name, subjects]) => [name, new Set(subjects.map(keyOf))] as const);
}

function namesFor(key: string, all: ReturnType<typeof keysOf>): string[] {
  return all.filter(([, keys]) => keys.has(key)).map(([name]) => name);
}

/** Several percentiles of one histogram are one reading. */
function readingsOf(own: Own, definitions: Definitions) {
  const wanted = new Map<string, ReadonlyMap<string, Subject>>();
  for (const [name, subjects] of own) {
    const defined = definedAs(name, definitions);
    if (defined === undefined) continue;
    wanted.set(
      defined,
      new Map([...(wanted.get(defined) ?? []), ...subjects.map((each) => [keyOf(each), each] as const)]),
    );
  }
  return Object.fromEntries([...wanted].map(([name, subjects]) => [name, [...subjects.values()]]));
}

function withFigures(
  sample: Sample | Missing,
  names: readonly string[],
  figure: (name: string) => Counts | number | undefined,
): Sample | Missing {
  if (!isSample(sample)) return sample;
  const gauges: [string, number][] = [];
  const custom: [string, Counts][] = [];
  for (const name of names) {
    const found = figure(name);
    if (typeof found === 'number') gauges.push([name, found]);
    else if (found !== undefined) custom.push([name, found]);
  }
  return {
    ...sample,
    ...(gauges.length > 0 && { gauges: { ...sample.gauges, ...Object.fromEntries(gauges) } }),
    ...(custom.length > 0 && { custom: { ...sample.custom, ...Object.fromEntries(custom) } }),
  };
}

function unknownWords(name: string, definitions: Definitions): string {
  if (definitions.get(name) === 'histogram') {
    return `no percentile ${name}: it is a histogram, of which objectives name one, such as ${name}-p95`;
  }
  const defined = [...definitions.keys()];
  const known = defined.length === 0 ? 'defines none' : `has ${defined.join(', ')}`;
  return `no metric ${name}: metrics.custom of sluice.yaml ${known}`;
}

function keyOf({ namespace, service, reporter, release, version }: Subject): string {
  return JSON.stringify([namespace, service, reporter, release, version]);
}
