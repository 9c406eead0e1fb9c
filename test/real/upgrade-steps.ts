import { parse } from 'yaml';
import type { Allocation } from '../../src/release/strategy.js';
import type { WrittenValues, WrittenVersion } from '../laws/releases.js';
import type { Starter } from './starters.js';

/** What the values file holds next. */
export interface UpgradeStep {
  readonly title: string;
  readonly values: WrittenValues;
}

const percents = [1, 50, 99];

/**
 * Returns the values of a whole rollout, one step after the other: the candidate of a starter enters without traffic, is
 * given more and more, becomes the primary and stays alone; then its image or model changes, and its replicas.
 */
export function upgradeSteps({ loaded, cell: { environment, strategy } }: Starter): UpgradeStep[] {
  const { model } = loaded.release;
  const byReplicas = environment.id === 'kubernetes';
  // So that 1 % is one pod.
  const start = withApplication(parse(loaded.text) as WrittenValues, byReplicas ? { replicas: 100 } : {});
  const [primary, candidate] = start.application.versions as [WrittenVersion, WrittenVersion];
  const name = candidate.metadata?.name as string;
  const together = percents.map((percent) => {
    const values = allocated(start, strategy.expose(model, { [name]: percent }));
    return { title: `${percent} %`, values: strategy.grant(percent) === percent ? values : matching(values, percent) };
  });
  const promoted = allocated(start, strategy.promote(model, name));
  const alone = withVersions(promoted, ([, version]) => [version as WrittenVersion]);
  const renewed = withVersions(alone, ([version]) => [renewedVersion(version as WrittenVersion)]);
  return [
    { title: 'the primary alone', values: withVersions(start, () => [primary]) },
    { title: 'a candidate enters', values: withVersions(start, () => [primary, { ...candidate, routed: false }]) },
    ...together,
    { title: 'the candidate is promoted', values: promoted },
    { title: 'the former primary leaves', values: alone },
    { title: 'the image changes', values: renewed },
    { title: 'the replicas change', values: withApplication(renewed, replicasOf(start, byReplicas)) },
  ];
}

/** Writes what the evaluator would. */
function allocated(values: WrittenValues, { primary, versions }: Allocation): WrittenValues {
  const exposed = withVersions(values, (list) =>
    list.map((version) => ({ ...version, ...versions[version.metadata?.name ?? ''] })),
  );
  return withApplication(exposed, { primary });
}

/** Where no share is known, the match of the candidate is what changes. */
function matching(values: WrittenValues, percent: number): WrittenValues {
  const text = JSON.stringify(values.application.versions).replaceAll('"yes"', `"${percent}"`);
  return withVersions(values, () => JSON.parse(text) as WrittenVersion[]);
}

function renewedVersion({ image, storageUri, ...version }: WrittenVersion): WrittenVersion {
  return image === undefined ? { ...version, storageUri: `${storageUri}.1` } : { ...version, image: `${image}.1` };
}

/** A model's are those of what serves it. What the starter merges stays: Helm would keep it from the chart anyway. */
function replicasOf({ application }: WrittenValues, byReplicas: boolean): object {
  if (byReplicas) return { replicas: 7 };
  if (application.modelFormat !== undefined) return { inferenceService: { spec: { predictor: { minReplicas: 3 } } } };
  const { spec } = (application.deployment ?? {}) as { readonly spec?: object };
  return { deployment: { spec: { ...spec, replicas: 3 } } };
}

function withVersions(
  values: WrittenValues,
  change: (versions: readonly WrittenVersion[]) => readonly WrittenVersion[],
): WrittenValues {
  return withApplication(values, { versions: change(values.application.versions) });
}

function withApplication(values: WrittenValues, fields: object): WrittenValues {
  return { ...values, application: { ...values.application, ...fields } };
}
