import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { isObject, type Json, type JsonObject } from '../release/json.js';
import { type ReleaseModel, type VersionModel, versionPlace } from '../release/model.js';
import { deployment } from './workload.js';

/** A part of a version's Deployment that a person wrote, and where it stands. */
export interface WrittenPart {
  readonly place: readonly PathSegment[];
  readonly part: JsonObject;
}

/** Returns what a person wrote of a version's Deployment, in the order in which the later wins. */
export function writtenParts(release: ReleaseModel, version: VersionModel): WrittenPart[] {
  const { workload, workloadSpecification, overlays } = version;
  if (workload !== undefined) return [];
  const { spec } = workloadSpecification ?? {};
  const place = versionPlace(release, version.name, 'deploymentSpecification');
  return [
    ...(spec === undefined ? [] : [{ place, part: { spec } }]),
    ...overlays.map((part) => ({ place: overlayPlace(release, version, part), part })),
  ];
}

/** The application's overlay is the same object in every version, and it comes first. */
function overlayPlace({ versions }: ReleaseModel, version: VersionModel, overlay: JsonObject): PathSegment[] {
  const position = versions.indexOf(version);
  const inAll = versions.length > 1 && versions.every(({ overlays }) => overlays[0] === overlay);
  const beforeItsOwn = version.overlays.length > 1 && version.overlays[0] === overlay;
  return inAll || beforeItsOwn ? ['application', 'deployment'] : ['application', 'versions', position, 'deployment'];
}

/** A number of pods that a person wrote, and where. */
export interface WrittenReplicas {
  readonly place: readonly PathSegment[];
  readonly value: Json;
}

/** Returns the `spec.replicas` that a person wrote for a version; undefined where none is left after all merging. */
export function writtenReplicas(release: ReleaseModel, version: VersionModel): WrittenReplicas | undefined {
  const path = ['spec', 'replicas'];
  const last = writtenParts(release, version)
    .map(({ place, part }) => ({ place: [...place, ...path], value: valueAt(part, path) }))
    .findLast(({ value }) => value !== undefined);
  return last === undefined || last.value === undefined || last.value === null
    ? undefined
    : { place: last.place, value: last.value };
}

/** Returns the fewest pods of a version, one where nothing is said; undefined where they are not sluice's to know. */
export function fewestPods(model: ReleaseModel, version: VersionModel): number | undefined {
  if (version.external !== undefined || version.workload !== undefined) return undefined;
  const pods = writtenReplicas(model, version)?.value ?? version.autoscaler?.minReplicas ?? 1;
  // 0 pods answer nothing, which is another matter.
  return typeof pods === 'number' && pods > 0 ? pods : undefined;
}

/** Returns what stands at a path of maps; undefined where there is nothing. */
export function valueAt(root: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    root,
  );
}

/** Returns the contradictions with the first alone of those at one place: an application's part counts for every version. */
export function oncePerPlace(contradictions: readonly Contradiction[]): Contradiction[] {
  const places = contradictions.map(({ path }) => JSON.stringify(path));
  return contradictions.filter((_, i) => places.indexOf(places[i] ?? '') === i);
}

/** Returns the numbers of pods that are fixed beside an autoscaler. */
export function refuseScaling(release: ReleaseModel): Contradiction[] {
  return oncePerPlace(release.versions.flatMap((version) => refuseFixedReplicas(release, version)));
}

function refuseFixedReplicas(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const written = version.autoscaler && writtenReplicas(release, version);
  if (written === undefined) return [];
  return [
    {
      path: written.place,
      message: `is ${JSON.stringify(written.value)}, but ${version.name} has an autoscaler, which every apply would undo`,
      hint: "Remove it, and set the autoscaler's minReplicas; or remove the autoscaler.",
    },
  ];
}

/**
 * Returns what a person should know of Deployments and Services that were given whole: pods that the Service does not
 * select, and ports that it does not have where no route asks for one. Both are left as they are, since Iter8 renders them so.
 */
export function noticeSelectors(release: ReleaseModel): Contradiction[] {
  const pods = podsOf(release);
  return release.versions
    .filter(({ external }) => external === undefined)
    .flatMap((version) => [
      ...noticeLabels(release, version),
      ...noticeSelector(release, version, pods),
      ...noticePort(release, version),
    ]);
}

/** The pods of a version, as far as they are known. */
interface Pods {
  readonly namespace: string;
  readonly labels: Json | undefined;
  /** Whether they may have further labels. */
  readonly open: boolean;
}

function podsOf(release: ReleaseModel): Pods[] {
  return release.versions.map((version): Pods => {
    const { external, workload, namespace } = version;
    // Of what was made elsewhere, only the labels that select it are known.
    const known = external?.labels ?? workload?.matchLabels;
    if (known !== undefined) return { namespace, labels: known, open: true };
    const whole = deployment(release, version);
    const written = valueAt(whole, ['metadata', 'namespace']);
    return {
      namespace: typeof written === 'string' ? written : namespace,
      labels: valueAt(whole, labelsPath),
      open: false,
    };
  });
}

function noticeSelector(release: ReleaseModel, version: VersionModel, pods: readonly Pods[]): Contradiction[] {
  const selector = version.serviceSpecification?.spec?.selector;
  // Without a selector, someone writes the endpoints by hand.
  if (typeof selector !== 'object' || selector === null || Object.keys(selector).length === 0) return [];
  const reached = pods.some(
    ({ namespace, labels, open }) =>
      namespace === version.address.namespace &&
      Object.entries(selector).every(([key, value]) => {
        const label = valueAt(labels, [key]);
        return label === undefined ? open : label === value;
      }),
  );
  if (reached) return [];
  return [
    {
      path: versionPlace(release, version.name, 'serviceSpecification', 'spec', 'selector'),
      message: `fits no pod of this release in ${version.address.namespace}, so ${version.name} may not answer`,
      hint: `Those of ${version.name} have app: ${version.instance}, unless you labelled them otherwise.`,
    },
  ];
}

const labelsPath = ['spec', 'template', 'metadata', 'labels'];

function noticeLabels(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const { name, instance, workload, workloadSpecification, serviceSpecification } = version;
  const given = workload !== undefined || workloadSpecification?.spec === undefined;
  if (given || serviceSpecification?.spec !== undefined) return [];
  if (valueAt(deployment(release, version), [...labelsPath, 'app']) === instance) return [];
  return [
    {
      path: versionPlace(release, name, 'deploymentSpecification', ...labelsPath),
      message: `lacks app: ${instance}, so the Service of ${name} finds no pods`,
      hint: 'Add the label, or give a serviceSpecification whose selector fits.',
    },
  ];
}

function noticePort(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const { address, serviceSpecification } = version;
  if (serviceSpecification?.spec === undefined || portsOf(version).includes(address.port)) return [];
  return [lackedPort(release, version)];
}

/**
 * Returns the ports to which a route would lead and that the Service does not list which was given whole: nothing answers
 * there. One that lists none may stand for names or addresses.
 *
 * @param byName whether the route goes where DNS says, so that a name without an address of its own leads to any port
 */
export function refusePorts(release: ReleaseModel, { byName = false } = {}): Contradiction[] {
  return release.versions
    .filter(({ external }) => external === undefined)
    .filter((version) => !(byName && isNameAlone(version)))
    .filter((version) => portsOf(version).length > 0 && !portsOf(version).includes(version.address.port))
    .map((version) => lackedPort(release, version));
}

/** Whether a Service that was given whole is headless, or another name. */
function isNameAlone({ serviceSpecification }: VersionModel): boolean {
  const { clusterIP, type } = serviceSpecification?.spec ?? {};
  return clusterIP === 'None' || type === 'ExternalName';
}

/** Those that a Service lists which was given whole. */
function portsOf({ serviceSpecification }: VersionModel): number[] {
  const ports = serviceSpecification?.spec?.ports;
  const list: readonly Json[] = Array.isArray(ports) ? ports : [];
  return list.flatMap((each) => {
    const port = valueAt(each, ['port']);
    return typeof port === 'number' ? [port] : [];
  });
}

function lackedPort(release: ReleaseModel, version: VersionModel): Contradiction {
  const { name, address } = version;
  const listed = portsOf(version);
  const there = listed.length === 0 ? 'one that is there' : listed.join(' or ');
  return {
    path: versionPlace(release, name, 'serviceSpecification', 'spec', 'ports'),
    message: `lacks ${address.port}, the port on which ${name} is reached`,
    hint: `Add the port, or set the version's port to ${there}.`,
  };
}
