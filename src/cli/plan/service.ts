import { ConfigError, isSluiceError } from '../../errors.js';
import { subjectsOf } from '../../evaluate/ledger.js';
import { bucketsFor } from '../../lints/coarse-buckets.js';
import { isSample, readsBuckets } from '../../release/evaluation.js';
import type { Baseline } from '../../simulate/scenario.js';
import { istioBuckets } from '../../sources/istio-buckets.js';
import { openSource } from '../../sources/registry.js';
import type { MetricsSettings } from '../../values/project/metrics.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import type { OptionValues } from '../command.js';
import { tryMetrics, windowsUntil } from '../metrics/try.js';
import type { ReleaseEntry, Workspace } from '../workspace.js';
import { positiveNumber, wrongValue } from './numbers.js';

/** What a service is like now. */
export interface Service {
  /** Requests per second of all versions together. */
  readonly rate: number;
  readonly baseline: Baseline;
  /** Whether anything of it was read from the source. */
  readonly measured: boolean;
}

/** What the options say of it. */
interface Told {
  readonly rate: number | undefined;
  readonly errorRate: number | undefined;
  readonly latency: Baseline['latency'] | undefined;
}

/** Whose service it is, and where and when it is asked for. */
interface Place {
  readonly workspace: Workspace;
  readonly entry: Pick<ReleaseEntry, 'id' | 'file'>;
  /** Unix seconds. */
  readonly time: number;
}

/** What is taken for granted of latencies that nobody tells; the sequence of a simulation's defaults. */
const usualLatency = { p50: 40, p95: 180 };

/** Reads what the options say of a service. */
export function toldBy(options: OptionValues): Told {
  return {
    rate: positiveNumber('--rate', options.rate),
    errorRate: shareIn(options['error-rate']),
    latency: latencyIn(options.latency),
  };
}

function shareIn(given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  const share = /^[\d.]+$/.test(String(given)) ? Number(given) : 1;
  if (share < 1) return share;
  throw wrongValue('--error-rate', given, 'Give a share from 0 to 1, such as 0.005 for 0.5 %.');
}

function latencyIn(given: string | boolean | undefined): Baseline['latency'] | undefined {
  if (given === undefined) return undefined;
  const [, p50, p95] = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(String(given)) ?? [];
  const latency = { p50: Number(p50), p95: Number(p95) };
  if (latency.p50 > 0 && latency.p95 > latency.p50) return latency;
  throw wrongValue('--latency', given, 'Give the 50th and the 95th percentile in milliseconds, such as 40/180.');
}

/**
 * Returns what a service is like: as the options say, and for the rest as the last windows of the source do.
 *
 * @throws ConfigError that names the options, where neither tells
 */
export async function serviceOf(release: ResolvedRelease, told: Told, at: Place): Promise<Service> {
  const { metrics } = at.workspace.project;
  const isTold = told.rate !== undefined && told.errorRate !== undefined;
  const read = isTold ? undefined : await measured(release, metrics, at);
  const rate = told.rate ?? read?.rate;
  const errorRate = told.errorRate ?? read?.errorRate;
  if (rate === undefined || errorRate === undefined) throw unknown(at, 'no window of the last five has any requests');
  const buckets = bucketsFor(release, metrics)?.bounds ?? istioBuckets;
  const latency = told.latency ?? read?.latency ?? usualLatency;
  return { rate, measured: !isTold, baseline: { errorRate, latency, buckets } };
}

async function measured(
  release: ResolvedRelease,
  metrics: MetricsSettings | undefined,
  at: Place,
): Promise<Partial<Told> | undefined> {
  const { workspace, time } = at;
  if (metrics === undefined) throw unknown(at, 'sluice.yaml names no source of metrics');
  const { analysis, model } = release;
  const windows = windowsUntil(time - metrics.delay, analysis?.interval ?? 60);
  const subjects = subjectsOf(
    release,
    model.versions.map(({ name }) => name),
  );
  const all = Object.values(subjects);
  const bucketsOf = analysis !== undefined && readsBuckets(analysis) ? all : [];
  const answer = await openSource(metrics, { root: workspace.root })
    .read({ subjects: all, bucketsOf, ...windows })
    .catch((error: unknown) => {
      if (!isSluiceError(error)) throw error;
      throw unknown(at, error.message, error);
    });
  const names = ['error-rate', 'latency-mean', 'latency-p50', 'latency-p95'] as const;
  const tried = tryMetrics(names, { subjects, windows, answer: { ...answer, sample: answer.sample, failures: {} } });
  const primaryHas = (name: (typeof names)[number]) => tried.values[name]?.[model.primary];
  const rows = tried.windows.map(({ versions }) => Object.values(versions).filter(isSample));
  const told = rows.filter((samples) => samples.length > 0);
  const requests = told.flat().reduce((sum, sample) => sum + sample.requests, 0);
  return {
    rate: told.length === 0 ? undefined : requests / (told.length * windows.interval),
    errorRate: primaryHas('error-rate'),
    latency: latencyFrom(primaryHas('latency-p50'), primaryHas('latency-p95'), primaryHas('latency-mean')),
  };
}

/** Where only the mean is known, latencies are spread as usual around it. */
function latencyFrom(p50?: number, p95?: number, mean?: number): Baseline['latency'] | undefined {
  if (p50 !== undefined && p95 !== undefined && p50 > 0 && p95 > p50 && Number.isFinite(p95)) return { p50, p95 };
  if (mean === undefined || !(mean > 0)) return undefined;
  const z95 = 1.6449;
  const sigma = Math.log(usualLatency.p95 / usualLatency.p50) / z95;
  const factor = mean / (usualLatency.p50 * Math.exp(sigma ** 2 / 2));
  return { p50: usualLatency.p50 * factor, p95: usualLatency.p95 * factor };
}

function unknown({ entry: { id, file } }: Place, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`Cannot tell the traffic of ${id} from metrics: ${reason}`, {
    code: 'cli/no-traffic',
    path: file,
    hint: 'Give --rate (requests per second) and --error-rate (of the primary, such as 0.005).',
    ...(cause !== undefined && { cause }),
  });
}
