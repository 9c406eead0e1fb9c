import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';

/** A release and where its requests go. */
export interface Planned {
  readonly model: ReleaseModel;
  readonly plan: RoutePlan;
}

/** The new names of versions by their old ones. */
export type Renames = ReadonlyMap<string, string>;

/** Returns the versions that are the same but for their names, such as one that was named by its position before. */
export function renamesOf(before: ReleaseModel, after: ReleaseModel): Renames {
  const gone = withoutNamesOf(before, after);
  const come = withoutNamesOf(after, before);
  const renames = new Map<string, string>();
  for (const version of gone) {
    const index = come.findIndex((each) => contentOf(each) === contentOf(version));
    const [found] = index < 0 ? [] : come.splice(index, 1);
    if (found !== undefined) renames.set(version.name, found.name);
  }
  return renames;
}

function withoutNamesOf({ versions }: ReleaseModel, other: ReleaseModel): VersionModel[] {
  const names = new Set(other.versions.map(({ name }) => name));
  return versions.filter(({ name }) => !names.has(name));
}

/** What a version runs, without what follows from its name and what the evaluator changes. */
function contentOf(version: VersionModel): string {
  const { name, instance, address, podLabels, weight, routed, matches, ...content } = version;
  return JSON.stringify(content);
}

/** Returns a release and its plan with the new names. */
export function renamed({ model, plan }: Planned, renames: Renames): Planned {
  const nameOf = (name: string) => renames.get(name) ?? name;
  const moved = <Part extends { readonly version: string }>(part: Part) => ({ ...part, version: nameOf(part.version) });
  return {
    model: {
      ...model,
      primary: nameOf(model.primary),
      versions: model.versions.map(({ instance, ...version }) => {
        const name = nameOf(version.name);
        return { ...version, name, instance: instance === version.name ? name : instance };
      }),
    },
    plan: {
      rules: plan.rules.map((rule) => ({
        ...rule,
        name: nameOf(rule.name),
        backends: rule.backends.map(moved),
        mirrors: rule.mirrors.map(moved),
      })),
    },
  };
}
