import type { Contradiction } from '../release/contradiction.js';
import { mostBeside } from '../release/most-beside.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';
import { versionPath } from './version-path.js';

/** Returns why candidates cannot be compared with a fresh baseline, and what is wrong with one that is there. */
export function checkBaseline(values: Values, release: ResolvedRelease): Contradiction[] {
  const found = checkEntries(release);
  if (release.analysis?.baseline !== 'fresh') return found;
  return [...found, ...checkSplitting(release), ...checkCopies(values), ...checkRoom(values, release)];
}

const comparePrimary = 'write analysis.baseline: primary';

/** The evaluator writes one entry, and takes it out again. */
function checkEntries({ model }: ResolvedRelease): Contradiction[] {
  const first = model.versions.findIndex(({ baselineOf }) => baselineOf !== undefined);
  return model.versions.flatMap(({ name, baselineOf }, position): Contradiction[] => {
    if (baselineOf === undefined) return [];
    const path = versionPath(position, 'baselineOf');
    if (name === model.primary) {
      const hint = 'Take baselineOf out to keep it as the primary, or name another one in application.primary.';
      return [{ path, message: `makes ${name} a baseline, but it is the primary`, hint }];
    }
    if (position === first) return [];
    const hint = 'There is one at a time: remove this entry.';
    return [{ path, message: `makes ${name} a second baseline beside versions[${first}]`, hint }];
  });
}

/** Three versions divide the requests, each with pods that are its own. */
function checkSplitting({ strategy, environment }: ResolvedRelease): Contradiction[] {
  const path = ['analysis', 'baseline'];
  if (strategy.needs !== undefined && strategy.needs !== 'weight') {
    const message = `is fresh, which needs a split by weight, but the strategy is ${strategy.id}`;
    return [{ path, message, hint: `Choose blue-green, or ${comparePrimary}.` }];
  }
  if (!environment.supports.includes('replicas')) return [];
  const message = `is fresh, which needs a route with weights, but in ${environment.id} the number of pods makes the shares`;
  return [{ path, message, hint: `Choose an environment whose routes have weights, or ${comparePrimary}.` }];
}

/** What a copy would share with the original: an object that exists already, or labels that select pods of both. */
const uncopied = [
  'external',
  'deploymentSpecification',
  'serviceSpecification',
  'inferenceServiceSpecification',
] as const;

/** Every version may be the primary of the next analysis. */
function checkCopies({ application }: Values): Contradiction[] {
  return application.versions.flatMap((version, position) =>
    uncopied
      .filter((key) => version[key] !== undefined)
      .map((key) => ({
        path: versionPath(position, key),
        message: 'stands against analysis.baseline: fresh, since sluice can deploy a copy only of what it generates',
        hint: `Give the version as image or storageUri, with deployment or inferenceService for the rest, or ${comparePrimary}.`,
      })),
  );
}

/** The baseline gets as much as the candidate. */
function checkRoom({ rollout: written }: Values, { rollout }: ResolvedRelease): Contradiction[] {
  const most = mostBeside(1);
  const refusal = (path: (string | number)[], share: number): Contradiction => ({
    path,
    message: `is ${share}, but with analysis.baseline: fresh the baseline gets as much, and the primary the rest`,
    hint: `Write at most ${most}, or ${comparePrimary}.`,
  });
  const steps = (rollout?.steps ?? []).flatMap(({ share }, position) =>
    share > most ? [refusal(['rollout', 'steps', position], share)] : [],
  );
  const settings = (['entryShare', 'maxCandidateWeight'] as const).flatMap((key) => {
    const share = written?.[key];
    return share !== undefined && share > most ? [refusal(['rollout', key], share)] : [];
  });
  return [...steps, ...settings];
}
