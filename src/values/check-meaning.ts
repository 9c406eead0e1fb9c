import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import { shares } from '../release/shares.js';
import { checkEvaluation, checkReachable } from './check-evaluation.js';
import { checkMatches, noticeMatches } from './check-matches.js';
import { checkNames } from './check-names.js';
import { checkObjects } from './check-objects.js';
import { checkOverlays } from './check-overlays.js';
import { defaultRegistry, environmentsWith, type Registry, supports } from './lookup.js';
import { checkOptions, noticeOptions } from './options.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';
import { versionPath, versionsPath } from './version-path.js';

/** Returns everything in the values that contradicts itself or asks for what cannot be done. */
export function checkMeaning(values: Values, release: ResolvedRelease, registry = defaultRegistry): Contradiction[] {
  const overlays = checkOverlays(values, release);
  const found = [
    ...checkParts(values, release, registry),
    ...checkNames(release),
    ...checkPrimary(release),
    ...checkWeights(values, release),
    ...overlays,
    ...checkEvaluation(values, release),
  ];
  const unrouted = checkPrimaryRouted(release);
  if (overlays.length > 0 || !canPlan(release)) return [...found, ...unrouted];
  const refused = [...checkObjects(values, release), ...checkPlans(release)];
  const all = [...found, ...unrouted, ...refused.filter((each) => !found.some((other) => follows(each, other)))];
  return all.length > 0 ? all : checkReachable(release);
}

/** Returns what is wrong with single keys, whatever the others say. */
export function checkParts(values: Values, release: ResolvedRelease, registry: Registry): Contradiction[] {
  return [
    ...checkPair(release, registry),
    ...checkWorkloads(values, release),
    ...checkMatches(values, release),
    ...checkOptions(values, release, registry),
  ];
}

/** Returns what a person should know and that stops nothing: keys without effect, and what the environment has to say. */
export function noticesOf(values: Values, release: ResolvedRelease, registry = defaultRegistry): Contradiction[] {
  const { environment, strategy, model, rollout } = release;
  return [
    ...noticeOptions(values, release, registry),
    ...noticeMatches(values, release),
    ...(rollout === undefined ? refusedOnceRouted(release) : []),
    ...(environment.notices?.(model, strategy.plan(model)) ?? []),
  ];
}

/** Without a primary, with two versions of one name and with nobody who answers there is no plan. */
function canPlan({ environment, strategy, model }: ResolvedRelease): boolean {
  const { versions, primary } = model;
  const names = new Set(versions.map(({ name }) => name));
  if (!supports(environment, strategy) || names.size < versions.length || !names.has(primary)) return false;
  return strategy.needs !== 'weight' || versions.some(({ routed, weight }) => routed && weight > 0);
}

/** Whether what is refused may be so because of what was found: it lies in it, or it is a match and holds it. */
function follows({ path: refused }: Contradiction, { path: found }: Contradiction): boolean {
  const holds = ['match', 'matches'].includes(String(refused.at(-2))) && isAt(found, refused);
  return holds || isAt(refused, found);
}

/** Whether a path is another one or lies below it. */
function isAt(path: readonly PathSegment[], outer: readonly PathSegment[]): boolean {
  return outer.every((segment, i) => path[i] === segment);
}

function checkPair({ environment, strategy }: ResolvedRelease, registry: Registry): Contradiction[] {
  if (supports(environment, strategy)) return [];
  return [
    {
      path: ['application', 'strategy'],
      message: `is ${strategy.id}, which environment ${environment.id} cannot do`,
      hint: `${strategy.id} works with: ${environmentsWith(strategy.needs, registry).join(', ')}.`,
    },
  ];
}

/** What is generated needs what it is generated from. */
function checkWorkloads(values: Values, { model, environment }: ResolvedRelease): Contradiction[] {
  const serving = environment.workloads === 'InferenceService';
  return model.versions
    .flatMap((version, position): Contradiction[] => {
      if (version.workload ?? version.external ?? version.workloadSpecification?.spec) return [];
      const missing = serving
        ? [
            ...(version.model.format === undefined ? ['modelFormat'] : []),
            ...(version.model.storageUri === undefined ? ['storageUri'] : []),
          ]
        : version.image === undefined
          ? ['image']
          : [];
      const hint = serving
        ? 'Give modelFormat and storageUri, or inferenceServiceSpecification.'
        : 'Give the image that the version runs.';
      return missing.map((key) => ({ path: versionPath(position, key), message: 'is missing', hint }));
    })
    .concat(checkExternals(values));
}

/** What says how a version is generated. */
const generatedKeys: readonly (keyof Values['application']['versions'][number])[] = [
  'image',
  'port',
  'deployment',
  'deploymentSpecification',
  'serviceSpecification',
  'autoscaler',
  'disruptionBudget',
];

/** What exists already is not generated, so nothing can be said of how. */
function checkExternals({ application }: Values): Contradiction[] {
  return application.versions.flatMap((version, position) => {
    if (version.external === undefined) return [];
    const keys = generatedKeys.filter((key) => version[key] !== undefined).map((key): string[] => [key]);
    const { labels, annotations } = version.metadata ?? {};
    if (labels) keys.push(['metadata', 'labels']);
    if (annotations) keys.push(['metadata', 'annotations']);
    return keys.map((key) => ({
      path: versionPath(position, ...key),
      message: 'stands beside external, for which nothing is generated',
      hint: "Remove it; a port and the labels of a Deployment's pods belong into external.",
    }));
  });
}

function checkPrimary({ model }: ResolvedRelease): Contradiction[] {
  const names = model.versions.map(({ name }) => name);
  if (names.includes(model.primary)) return [];
  const message = `is ${JSON.stringify(model.primary)}, which no version is called`;
  return [{ path: ['application', 'primary'], message, hint: `The versions are: ${names.join(', ')}.` }];
}

function checkPrimaryRouted({ model }: ResolvedRelease): Contradiction[] {
  const position = model.versions.findIndex(({ name }) => name === model.primary);
  if (model.versions[position]?.routed !== false) return [];
  const message = 'is false, but this version is the primary, which answers what no rule sends elsewhere';
  return [
    { path: versionPath(position, 'routed'), message, hint: 'Name another version in application.primary first.' },
  ];
}

function checkWeights(values: Values, release: ResolvedRelease): Contradiction[] {
  if (release.strategy.needs === 'weight') return checkShares(release);
  if (release.strategy.needs !== 'mirror') return [];
  return values.application.versions.flatMap(({ weight }, position) => {
    if ((weight ?? 0) <= 100) return [];
    const message = `is ${weight}, but in ${release.strategy.id} the weight is a percent`;
    return [
      {
        path: versionPath(position, 'weight'),
        message,
        hint: 'Give 0 to 100: how many of a hundred requests are copied.',
      },
    ];
  });
}

/** Shares are whole percents: somebody must answer, and what is given traffic must get some. */
function checkShares({ model, environment, analysis }: ResolvedRelease): Contradiction[] {
  const { versions, primary } = model;
  const weights = versions.map(({ weight, routed }) => (routed ? weight : 0));
  if (weights.every((weight) => weight === 0)) {
    const message = 'give no routed version a weight above 0, so nobody would answer';
    return [{ path: versionsPath, message, hint: `Give ${primary} a weight, such as 100.` }];
  }
  // Where weights divide pods, the environment knows how small a share can be; an evaluation goes by whole percents.
  if (environment.supports.includes('replicas') && analysis === undefined) return [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return shares(weights).flatMap((share, position) => {
    if (share > 0 || weights[position] === 0) return [];
    const message = `is ${weights[position]} of ${total}, which rounds to 0 %`;
    return [
      { path: versionPath(position, 'weight'), message, hint: 'The smallest share is 1 %: raise it, or set it to 0.' },
    ];
  });
}

/** What the environment refuses, now and, where the evaluator may route more versions later, once they are. */
function checkPlans(release: ResolvedRelease): Contradiction[] {
  const later = release.rollout === undefined ? [] : refusedOnceRouted(release);
  return distinct([...refusedOf(release, release.model), ...later]);
}

/** What the environment does not refuse yet, and would with every version routed. */
function refusedOnceRouted(release: ResolvedRelease): Contradiction[] {
  const { strategy, model } = release;
  if (strategy.needs !== 'match' || model.versions.every(({ routed }) => routed)) return [];
  const routed = { ...model, versions: model.versions.map((version) => ({ ...version, routed: true })) };
  const now = new Set(refusedOf(release, model).map(textOf));
  const later = refusedOf(release, routed).filter((each) => !now.has(textOf(each)));
  return later.map((each) => ({ ...each, message: `${each.message} (once every version is routed)` }));
}

function refusedOf({ environment, strategy }: ResolvedRelease, model: ReleaseModel): readonly Contradiction[] {
  return environment.refuses(model, strategy.plan(model));
}

function distinct(all: readonly Contradiction[]): Contradiction[] {
  return [...new Map(all.map((each) => [textOf(each), each])).values()];
}

function textOf({ path, message }: Contradiction): string {
  return JSON.stringify([path, message]);
}
