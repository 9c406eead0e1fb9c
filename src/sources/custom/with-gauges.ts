import {
  gaugeIds,
  isSample,
  type SampleAnswer,
  type SampleRequest,
  type Source,
  type Subject,
} from '../../release/evaluation.js';

/** What there is of one metric. */
export interface GaugeColumn {
  /** What was asked, in the source's language. */
  readonly queries: readonly string[];
  readonly warnings: readonly string[];
  /** The value of a subject in the window that ends at `end`, undefined where there is none. */
  value(subject: Subject, end: number): number | undefined;
}

type Columns = Readonly<Record<string, GaugeColumn>>;

/** Reads the metrics of one's own that a request wants, by their names. */
export type ReadGauges = (
  request: SampleRequest,
  wanted: Readonly<Record<string, readonly Subject[]>>,
) => Promise<Columns>;

/**
 * Returns the source with metrics of one's own in its samples. A subject of which a metric is wanted that nobody has
 * defined has no sample: without that it would never be noticed.
 *
 * @param defined the names of the metrics
 */
export function withGauges(source: Source, defined: readonly string[], readGauges: ReadGauges): Source {
  return {
    async read(request) {
      const own = Object.entries(request.gaugesOf ?? {}).filter(([name]) => !gaugeIds.some((id) => id === name));
      if (own.length === 0) return source.read(request);
      const wanted = own.filter(([name]) => defined.includes(name));
      const isEmpty = request.lastEnd < request.firstEnd;
      const reading = wanted.length === 0 || isEmpty ? {} : readGauges(request, Object.fromEntries(wanted));
      const [answer, columns]: [SampleAnswer, Columns] = await Promise.all([source.read(request), reading]);
      const found = Object.values(columns);
      const subjectsOf = new Map(own.map(([name, subjects]) => [name, new Set(subjects.map(keyOf))]));
      return {
        warnings: [...new Set([...answer.warnings, ...found.flatMap(({ warnings }) => warnings)])],
        queries: [...answer.queries, ...found.flatMap(({ queries }) => queries)],
        sample(subject, end) {
          const sample = answer.sample(subject, end);
          const names = own.map(([name]) => name).filter((name) => subjectsOf.get(name)?.has(keyOf(subject)));
          const unknown = names.find((name) => !defined.includes(name));
          if (unknown !== undefined) return { missing: unknownWords(unknown, defined) };
          if (!isSample(sample)) return sample;
          const gauges = names.flatMap((name): [string, number][] => {
            const value = columns[name]?.value(subject, end);
            return value === undefined ? [] : [[name, value]];
          });
          return gauges.length === 0
            ? sample
            : { ...sample, gauges: { ...sample.gauges, ...Object.fromEntries(gauges) } };
        },
      };
    },
  };
}

function unknownWords(name: string, defined: readonly string[]): string {
  const known = defined.length === 0 ? 'defines none' : `has ${defined.join(', ')}`;
  return `no metric ${name}: metrics.custom of sluice.yaml ${known}`;
}

function keyOf({ namespace, service, reporter, release, version }: Subject): string {
  return JSON.stringify([namespace, service, reporter, release, version]);
}
