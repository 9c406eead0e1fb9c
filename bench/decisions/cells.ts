import type { Scenario } from '../../src/simulate/scenario.js';
import { resolveScenario, type ScenarioFile } from '../../src/simulate/scenario-file.js';

/** A service in its hour, and what is wrong with the candidate. */
export interface Cell {
  readonly name: string;
  /** Requests per second. */
  readonly rate: number;
  /** The service, without what is wrong. */
  readonly service: string;
  /** What is wrong; undefined where both versions are the same. */
  readonly harm: string | undefined;
  readonly scenario: Scenario;
}

type Written = Pick<ScenarioFile, 'pods' | 'baseline'> & { readonly shape?: 'diurnal' | 'bursts' };

/** Twenty bounds in every factor of ten, from 10 ms to 2.5 s. */
const fine = { buckets: Array.from({ length: 49 }, (_, i) => Number((10 ** (1 + i / 20)).toPrecision(3))) };

function pods(errorVariation: number, autocorrelation: number): Written {
  return { pods: { errorVariation, autocorrelation }, baseline: fine };
}

/** Where nothing else is said, buckets are fine and pods alike. */
const services: { readonly [name: string]: Written } = {
  flat: { baseline: fine },
  'Istio buckets': {},
  diurnal: { shape: 'diurnal', baseline: fine },
  bursts: { shape: 'bursts', baseline: fine },
  'pods .25, AR .3': pods(0.25, 0.3),
  'pods .25, AR .5': pods(0.25, 0.5),
  'pods .25, AR .8': pods(0.25, 0.8),
  'pods .5, AR .3': pods(0.5, 0.3),
  'pods .5, AR .5': pods(0.5, 0.5),
  'pods .5, AR .8': pods(0.5, 0.8),
};

const kinds: { readonly [name: string]: NonNullable<ScenarioFile['regression']> } = {
  '+0.5 pp': { errorRate: 0.005 },
  '+1 pp': { errorRate: 0.01 },
  '+5 pp': { errorRate: 0.05 },
  'p95 x 1.1': { latency: 1.1 },
  'p95 x 1.25': { latency: 1.25 },
  'p95 x 1.5': { latency: 1.5 },
};

const onsets: { readonly [suffix: string]: ScenarioFile['regression'] } = {
  '': {},
  ' from minute 10': { onset: '10m' },
  ' from minute 30': { onset: '30m' },
};

const harms: { readonly [name: string]: ScenarioFile['regression'] } = Object.fromEntries(
  Object.entries(kinds).flatMap(([kind, written]) =>
    Object.entries(onsets).map(([suffix, onset]) => [`${kind}${suffix}`, { ...written, ...onset }]),
  ),
);

const rates = [1, 20, 500] as const;

/** At every rate: services with equal versions, and what is wrong where. */
const equal = [
  ...['flat', 'Istio buckets', 'diurnal', 'bursts'],
  ...['pods .25, AR .3', 'pods .25, AR .8', 'pods .5, AR .3', 'pods .5, AR .8'],
];
const worse: readonly (readonly [service: string, harm: string])[] = [
  ['flat', '+0.5 pp'],
  ['flat', '+1 pp'],
  ['flat', '+5 pp'],
  ['flat', '+1 pp from minute 10'],
  ['flat', '+1 pp from minute 30'],
  ['diurnal', '+1 pp'],
  ['bursts', '+1 pp'],
  ['pods .5, AR .8', '+1 pp'],
  ['flat', 'p95 x 1.1'],
  ['flat', 'p95 x 1.25'],
  ['flat', 'p95 x 1.5'],
  ['Istio buckets', 'p95 x 1.5'],
];

/** The sixty that are published. */
export const cells: readonly Cell[] = rates.flatMap((rate) => [
  ...equal.map((service) => cellOf(rate, service)),
  ...worse.map(([service, harm]) => cellOf(rate, service, harm)),
]);

/** Every service with everything that can be wrong. */
export const grid: readonly Cell[] = rates.flatMap((rate) =>
  Object.keys(services).flatMap((service) => [
    cellOf(rate, service),
    ...Object.keys(harms).map((harm) => cellOf(rate, service, harm)),
  ]),
);

/** Whoever plays sees the error rate and the 95th percentile, minute by minute. */
function cellOf(rate: number, service: string, harm?: string): Cell {
  const { shape = 'flat', ...rest } = services[service] ?? {};
  const regression = harm === undefined ? undefined : harms[harm];
  const scenario = resolveScenario({
    traffic: { rate, shape },
    ...rest,
    ...(regression !== undefined && { regression }),
    analysis: { interval: '60s', objectives: [{ metric: 'error-rate' }, { metric: 'latency-p95' }] },
  });
  return { name: `${rate}/s, ${service}, ${harm ?? 'A/A'}`, rate, service, harm, scenario };
}

/** Returns the cells whose name matches, and those with equal versions of their services, which tell whose example counts. */
export function matching(all: readonly Cell[], pattern = ''): readonly Cell[] {
  const named = all.filter(({ name }) => new RegExp(pattern).test(name));
  return all.filter((cell) => named.includes(cell) || named.some((other) => isEqualOf(other, cell)));
}

/** Whether a cell has equal versions on the service of another. */
export function isEqualOf({ rate, service }: Cell, other: Cell): boolean {
  return other.harm === undefined && other.rate === rate && other.service === service;
}
