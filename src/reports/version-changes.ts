import type { VersionModel } from '../release/model.js';
import type { Change } from './change.js';
import { leafChanges, same } from './leaf-changes.js';
import { matchesWords, matchKey } from './match-words.js';
import type { Planned } from './renames.js';
import { roleOf, standingOf } from './share-changes.js';
import { fromTo, imageFromTo, shown } from './words.js';

/** What the two sides are, and the versions that the route tells of already. */
export interface VersionSides {
  readonly before: Planned;
  readonly after: Planned;
  readonly told: ReadonlySet<string>;
  /** What the values call a part of the object that runs a version. */
  readonly overlay: 'deployment' | 'inferenceService';
}

/** Returns which versions come and go, and what those that stay run now. */
export function versionChanges(sides: VersionSides): Change[] {
  const { before, after } = sides;
  const old = new Map(before.model.versions.map((version) => [version.name, version]));
  const now = new Set(after.model.versions.map(({ name }) => name));
  const common = after.model.versions.flatMap((version) => {
    const from = old.get(version.name);
    return from === undefined ? [] : [settingChanges(from, version, sides)];
  });
  const added = after.model.versions.filter(({ name }) => !old.has(name));
  const removed = before.model.versions.filter(({ name }) => !now.has(name));
  return [
    ...added.map((version) => describedVersion(version, after, 'added')),
    ...removed.map((version): Change => {
      const what = version.external === undefined ? 'its workload is deleted' : 'what it runs on stays';
      return {
        kind: 'version',
        risk: 'medium',
        version: version.name,
        text: `version ${version.name} removed: ${what}`,
      };
    }),
    ...together(common, after),
  ];
}

/** Returns what a version is that was not there before. */
export function describedVersion(version: VersionModel, side: Planned, added: string): Change {
  const { name, image, model, external } = version;
  const runs = external === undefined ? shown(image ?? model.storageUri) : `the ${external.kind} ${external.name}`;
  const text = `${roleOf(name, side)} ${added}: ${runs}, ${standingOf(name, side)}`;
  return { kind: 'version', risk: 'medium', version: name, text };
}

/** What differs in one version, without its name. */
type Setting = Pick<Change, 'kind' | 'risk' | 'text'>;

interface VersionSettings {
  readonly version: string;
  readonly settings: readonly Setting[];
}

function settingChanges(from: VersionModel, to: VersionModel, sides: VersionSides): VersionSettings {
  const image = from.image === to.image ? [] : [medium('image', `image ${imageFromTo(from.image, to.image)}`)];
  const [before, after] = [scalarsOf(from, sides.before), scalarsOf(to, sides.after)];
  const scalars = (['namespace', 'instance', 'port', 'appProtocol'] as const)
    .filter((key) => before[key] !== after[key])
    .map((key) => medium('setting', `${key} ${fromTo(before[key], after[key])}`));
  // A Service that is given whole may have another port than the version says.
  if (from.port === to.port && from.address.port !== to.address.port) {
    scalars.push(medium('setting', `routes lead to port ${fromTo(from.address.port, to.address.port)}`));
  }
  const old = new Map(partsOf(from, sides.overlay));
  const parts = partsOf(to, sides.overlay).flatMap(([name, value]) => leafChanges(old.get(name), value, name));
  const overlays = overlayChanges(from, to, sides);
  const settings = [...overlays, ...parts].map((text) =>
    medium(/\b(replicas|(min|max)Replicas): /.test(text) ? 'replicas' : 'setting', text),
  );
  return { version: to.name, settings: [...image, ...scalars, ...settings, ...withoutEffect(from, to, sides)] };
}

/** Without the namespace of the release, and the name that follows from the version's: both are told elsewhere. */
function scalarsOf(version: VersionModel, { model }: Planned) {
  const { name, namespace, instance, port, appProtocol } = version;
  return {
    namespace: namespace === model.namespace ? undefined : namespace,
    instance: instance === name ? undefined : instance,
    port,
    appProtocol,
  };
}

function medium(kind: Setting['kind'], text: string): Setting {
  return { kind, risk: 'medium', text };
}

/** The parts of a version whose scalars are told one by one, called as in the values file. */
function partsOf(version: VersionModel, overlay: string): (readonly [name: string, value: unknown])[] {
  const { labels, annotations, external, model, autoscaler, disruptionBudget } = version;
  const { format, storageUri, runtime, protocolVersion, ports } = model;
  return [
    ['metadata.labels', labels],
    ['metadata.annotations', annotations],
    [`${overlay}Specification`, version.workloadSpecification],
    ['serviceSpecification', version.serviceSpecification],
    ['external', external],
    ['storageUri', storageUri],
    ['modelFormat', format],
    ['runtime', runtime],
    ['protocolVersion', protocolVersion],
    ['ports', ports],
    ['autoscaler', autoscaler],
    ['disruptionBudget', disruptionBudget],
  ];
}

/** Without those on both sides, side by side from the end: the version's own overlay comes after the application's. */
function overlayChanges(from: VersionModel, to: VersionModel, { overlay }: VersionSides): string[] {
  const beyond = (some: readonly unknown[], others: readonly unknown[]) =>
    some.filter((each) => !others.some((other) => same(each, other))).toReversed();
  const [old, now] = [beyond(from.overlays, to.overlays), beyond(to.overlays, from.overlays)];
  const positions = Array.from({ length: Math.max(old.length, now.length) }, (_, i) => i);
  return positions.toReversed().flatMap((i) => leafChanges(old[i], now[i], overlay));
}

/** What the values say of the route and the route does not show. */
function withoutEffect(from: VersionModel, to: VersionModel, { told, before, after }: VersionSides): Setting[] {
  const low = (text: string): Setting => ({ kind: 'setting', risk: 'low', text });
  const [old, now] = [from, to].map(({ matches }) => matches.map(matchKey).sort().join());
  const unused = ![...before.plan.rules, ...after.plan.rules].some(({ matches }) =>
    [from.matches, to.matches].includes(matches),
  );
  return [
    ...(told.has(to.name) || from.weight === to.weight
      ? []
      : [low(`weight ${from.weight} → ${to.weight}, which changes no share`)]),
    ...(told.has(to.name) || from.routed === to.routed
      ? []
      : [low(`routed ${from.routed} → ${to.routed}, which changes no route`)]),
    ...(old === now || !unused ? [] : [low(`match ${matchesWords(to.matches)}, which no rule uses`)]),
  ];
}

/** What is the same for every version is said once. */
function together(all: readonly VersionSettings[], side: Planned): Change[] {
  const texts = all.map(({ settings }) => new Set(settings.map(({ text }) => text)));
  const isShared = (text: string) => all.length > 1 && texts.every((each) => each.has(text));
  const shared = all[0]?.settings.filter(({ text }) => isShared(text)) ?? [];
  return [
    ...shared.map((setting): Change => ({ ...setting, text: `every version: ${setting.text}` })),
    ...all.flatMap(({ version, settings }) =>
      settings
        .filter(({ text }) => !isShared(text))
        .map((setting): Change => ({ ...setting, version, text: `${roleOf(version, side)}: ${setting.text}` })),
    ),
  ];
}
