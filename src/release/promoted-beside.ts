import type { ReleaseModel } from './model.js';
import type { Shares } from './policy.js';
import type { Allocation, Strategy } from './strategy.js';

/** Returns the scalars that make a candidate the primary; others keep these percents beside it. */
export function promotedBeside(
  { model, strategy }: { readonly model: ReleaseModel; readonly strategy: Strategy },
  version: string,
  beside: Shares = {},
): Allocation {
  const promoted = strategy.promote(model, version);
  if (Object.keys(beside).length === 0) return promoted;
  const versions = model.versions.map((each) => ({ ...each, ...promoted.versions[each.name] }));
  const exposed = strategy.expose({ ...model, primary: promoted.primary, versions }, beside);
  // Whom an exposure does not name keeps what it has, which here is what the promotion gave it.
  return { ...exposed, versions: { ...promoted.versions, ...exposed.versions } };
}
