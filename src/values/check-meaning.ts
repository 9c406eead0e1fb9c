import type { Contradiction } from '../release/contradiction.js';
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
  const found = [
    ...checkPair(release, registry),
    ...checkNames(release),
    ...checkWorkloads(values, release),
    ...checkPrimary(release),
    ...checkWeights(values, release),
    ...checkMatches(values, release),
    ...checkOptions(values, release, registry),
    ...checkOverlays(values, release),
    ...checkEvaluation(values, release),
  ];
  const unrouted = checkPrimaryRouted(release);
  // What contradicts itself has no plan; a primary that is not routed has one, and hides nothing of what follows.
  if (found.length > 0) return [...found, ...unrouted];
  const refused = [...unrouted, ...checkObjects(values, release), ...checkPlans(release)];
  return refused.length > 0 ? refused : checkReachable(release);
}

/** Returns what a person should know and that stops nothing: keys without effect, and what the environment has to say. */
export function noticesOf(values: Values, release: ResolvedRelease, registry = defaultRegistry): Contradiction[] {
  const { environment, strategy, model } = release;
  return [
    ...noticeOptions(values, release, registry),
    ...noticeMatches(values, release),
    ...(environment.notices?.(model, strategy.plan(model)) ?? []),
  ];
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

/** What the environment refuses, now and once every version is routed, as the evaluator may do later. */
function checkPlans({ environment, strategy, model }: ResolvedRelease): Contradiction[] {
  const routed = { ...model, versions: model.versions.map((version) => ({ ...version, routed: true })) };
  const found = [model, ...(strategy.needs === 'match' ? [routed] : [])].flatMap((each) =>
    environment.refuses(each, strategy.plan(each)),
  );
  const byText = new Map(found.map((each) => [JSON.stringify([each.path, each.message]), each]));
  return [...byText.values()];
}
