import type { Missing, Subject } from '../release/evaluation.js';
import { keyOf } from './prometheus-series.js';
import { type TelemetryChoice, telemetryOf } from './telemetry/registry.js';
import { type Column, type Identity, seriesOf, type Telemetry } from './telemetry/telemetry.js';

/** A subject with the series that count it. */
export interface Placed {
  readonly subject: Subject;
  readonly telemetry: Telemetry;
  readonly identities: readonly Identity[];
  /** Of the identities, in their order. */
  readonly keys: readonly string[];
  /** What to say of a column that has no series of it. */
  readonly absence: { readonly [Name in Column]: string };
}

/** A release has few subjects, and each is asked for once per window. */
const known = new WeakMap<Subject, string>();

/** Returns what tells subjects apart. */
export function keyOfSubject(subject: Subject): string {
  const { release, version, environment, namespace, service, workload, reporter } = subject;
  const key =
    known.get(subject) ?? JSON.stringify([release, version, environment, namespace, service, workload, reporter]);
  known.set(subject, key);
  return key;
}

/** Returns by key where each subject is counted, or why it is not. */
export function placesOf(
  subjects: readonly Subject[],
  choice: TelemetryChoice | undefined,
): ReadonlyMap<string, Placed | Missing> {
  const places = subjects.map((subject) => [keyOfSubject(subject), placeOf(subject, choice)] as const);
  const sharers = new Map<string, Subject[]>();
  for (const [, place] of places) for (const key of seriesKeys(place)) add(sharers, key, place);
  return new Map(places.map(([key, place]) => [key, alone(place, sharers)]));
}

function placeOf(subject: Subject, choice: TelemetryChoice | undefined): Placed | Missing {
  const telemetry = telemetryOf(subject.environment, choice);
  if (telemetry === undefined) return { missing: `nothing that counts for the environment ${subject.environment}` };
  const identities = telemetry.identify(subject);
  if ('missing' in identities) return identities;
  return { subject, telemetry, identities, keys: identities.map(keyOf), absence: absenceOf(subject, telemetry) };
}

function absenceOf({ namespace, service }: Subject, { generations }: Telemetry): Placed['absence'] {
  const missing = (column: Column) => {
    const series = new Set(generations.map((generation) => seriesOf(generation, column)));
    return `no series for ${namespace}/${service} in ${[...series].join(' or ')}`;
  };
  const [requests, errors, latency] = [missing('requests'), missing('errors'), missing('latency')];
  return { requests, errors, latency, timed: missing('timed'), buckets: missing('buckets') };
}

function seriesKeys(place: Placed | Missing): string[] {
  return 'missing' in place ? [] : place.keys.map((key) => `${place.telemetry.id} ${key}`);
}

function add(sharers: Map<string, Subject[]>, key: string, place: Placed | Missing): void {
  if ('missing' in place) return;
  const own = sharers.get(key) ?? [];
  own.push(place.subject);
  sharers.set(key, own);
}

/** A series that counts two versions tells of neither. */
function alone(place: Placed | Missing, sharers: ReadonlyMap<string, readonly Subject[]>): Placed | Missing {
  if ('missing' in place) return place;
  const { subject } = place;
  const other = seriesKeys(place)
    .flatMap((key) => sharers.get(key) ?? [])
    .find((each) => isAnother(each, subject));
  if (other === undefined) return place;
  return { missing: `series that count ${other.version} of ${other.release} as well` };
}

/** Two releases may well lead to one Service; two versions of one release are to be compared. */
function isAnother(one: Subject, other: Subject): boolean {
  if (one.namespace !== other.namespace || one.service !== other.service) return true;
  return one.release === other.release && one.version !== other.version;
}
