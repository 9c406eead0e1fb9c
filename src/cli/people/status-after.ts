import { identityOf } from '../../evaluate/identity.js';
import type { Settled, Status } from '../../evaluate/status.js';
import { candidatesOf } from '../../release/model.js';
import type { LoadedValues } from '../../values/load.js';

/**
 * Returns what is to be remembered once a person has put other values in place: who has no traffic in them is settled,
 * so that no pass lets it in again; who has some is analysed from there.
 *
 * @param now Unix seconds
 */
export function statusAfter(
  before: Status,
  after: LoadedValues,
  { message, now }: { readonly message: string; readonly now: number },
): Status {
  const { model, strategy } = after.release;
  const at = new Date(now * 1000).toISOString();
  const others = candidatesOf(model).map(({ name }) => name);
  const exposed = others.filter((name) => strategy.exposureOf(model, name) > 0);
  const settled = others
    .filter((name) => !exposed.includes(name))
    .map((name): Settled => {
      const identity = identityOf(after, name);
      const known = before.settled.find((entry) => entry.name === name && entry.identity === identity);
      const stands = known !== undefined && known.outcome !== 'promoted';
      // A person wants these values: cleanup takes nothing out of them.
      return { ...(stands ? known : { name, identity, outcome: 'rolled back', at }), stays: true };
    });
  // What was compared beside it is gone; its pods may start just now.
  const baseline = model.versions.find(({ baselineOf }) => baselineOf !== undefined);
  const candidate = [...exposed, ...others].find((name) => exposed.length > 0 || name === before.candidate);
  return {
    phase: exposed.length > 0 ? 'Initializing' : 'RolledBack',
    iteration: before.iteration + 1,
    primary: model.primary,
    ...(candidate !== undefined && { candidate, identity: identityOf(after, candidate) }),
    message,
    ...(baseline && { baseline: { name: baseline.name, since: at } }),
    settled,
  };
}
