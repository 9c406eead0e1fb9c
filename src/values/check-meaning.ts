import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import type { NamedMatch, RouteMatch } from '../release/route-plan.js';
import { shares } from '../release/shares.js';
import type { Strategy } from '../release/strategy.js';
import { checkEvaluation, checkReachable } from './check-evaluation.js';
import { checkExpressions } from './check-expressions.js';
import { checkObjects } from './check-objects.js';
import { checkOverlays } from './check-overlays.js';
import { DnsLabel, nameHint, ServiceName } from './dns-label.js';
import { defaultRegistry, environmentsWith, type Registry, supports } from './lookup.js';
import { checkOptions, noticeOptions } from './options.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';

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
    ...noticeUnreachable(release),
    ...(environment.notices?.(model, strategy.plan(model)) ?? []),
  ];
}

/** A candidate whose every match an earlier one has gets no request. */
function noticeUnreachable({ model, strategy }: ResolvedRelease): Contradiction[] {
  if (strategy.needs !== 'match') return [];
  const seen = new Set<string>();
  return model.versions.flatMap((version, position): Contradiction[] => {
    if (version.name === model.primary) return [];
    const texts = version.matches.map(({ place: _, ...match }) => JSON.stringify(match));
    const reached = texts.some((text) => !seen.has(text));
    for (const text of texts) seen.add(text);
    const message = 'is reached by no request, since an earlier version has the same match';
    return reached ? [] : [{ path: versionPath(position), message, hint: 'Give it a match of its own.' }];
  });
}

const versionsPath = ['application', 'versions'] as const;

function versionPath(position: number, ...rest: readonly PathSegment[]): PathSegment[] {
  return [...versionsPath, position, ...rest];
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

function checkNames(release: ResolvedRelease): Contradiction[] {
  return [...checkReleaseNames(release), ...checkVersionNames(release)];
}

/** The name and the namespace may come from the command line, from a folder or from a chart. */
function checkReleaseNames({ model }: ResolvedRelease): Contradiction[] {
  return (['name', 'namespace'] as const).flatMap((key) => {
    const shape = key === 'name' ? ServiceName : DnsLabel;
    if (shape.safeParse(model[key]).success) return [];
    const message = `is ${JSON.stringify(model[key])}, which is no DNS label`;
    const hint = nameHint;
    return [{ path: ['application', 'metadata', key], message, hint }];
  });
}

function checkVersionNames({ model, environment }: ResolvedRelease): Contradiction[] {
  const { versions } = model;
  return versions.flatMap((version, position): Contradiction[] => {
    const [key, specification] =
      environment.workloads === 'Deployment'
        ? (['serviceSpecification', version.serviceSpecification] as const)
        : (['inferenceServiceSpecification', version.workloadSpecification] as const);
    const renamed = specification?.metadata.name === undefined ? [] : [key];
    const path = versionPath(position, ...renamed, 'metadata', 'name');
    const first = versions.findIndex((other) => other.name === version.name);
    if (first < position) {
      const message = `is ${JSON.stringify(version.name)} again, the name of versions[${first}]`;
      return [{ path, message, hint: 'Give every version a name of its own.' }];
    }
    // A specification renames the Service alone: Deployments and the labels of pods keep the version's own name.
    const twin = versions.findIndex(
      ({ instance, namespace }) => instance === version.instance && namespace === version.namespace,
    );
    if (environment.workloads === 'Deployment' && twin < position) {
      const message = `is ${JSON.stringify(version.instance)} again, the name of the Deployment of versions[${twin}]`;
      return [
        { path: versionPath(position, 'metadata', 'name'), message, hint: 'Give every version a name of its own.' },
      ];
    }
    if (version.name.length > 63) {
      const message = `would be ${JSON.stringify(version.name)}, longer than 63 characters`;
      return [{ path, message, hint: 'Give the version a shorter metadata.name.' }];
    }
    return [];
  });
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

function checkMatches(values: Values, { model, strategy }: ResolvedRelease): Contradiction[] {
  const { application } = values;
  const places = [
    { forms: application, path: ['application'] as PathSegment[] },
    ...application.versions.map((forms, position) => ({ forms, path: versionPath(position) })),
  ];
  const both = places.flatMap(({ forms: { match, matches }, path }): Contradiction[] => {
    if (match === undefined || matches === undefined) return [];
    const message = 'stands beside matches, and one of the two would be ignored';
    return [{ path: [...path, 'match'], message, hint: 'Keep one of match and matches.' }];
  });
  const read = [
    ...model.matches,
    ...(strategy.needs === 'match' ? model.versions.flatMap(({ matches }) => matches) : []),
  ];
  const idle = read.filter(fitsEverything);
  const twice = read.filter(({ headers, query }) => repeats(headers.map(lowerName)) || repeats(query.map(nameOf)));
  const hint = 'Name a header, path, method or query parameter.';
  return [
    ...both,
    ...places
      .filter(({ path }) => path.length === 1 || strategy.needs === 'match')
      .flatMap(({ forms, path }) => checkExpressions(forms, path)),
    ...twice.map(({ place }) => ({
      path: place,
      message: 'names one header or query parameter twice, and only one of the two would count',
      hint: 'Put both conditions into one regular expression.',
    })),
    ...checkScope(model, strategy),
    ...idle.map(({ place }) => ({ path: place, message: 'fits every request', hint })),
  ];
}

/** Keys of Istio's match that name it, and set no condition. */
const unconditional = new Set(['name', 'statPrefix']);

function fitsEverything({ headers, query, path, method, istio = {} }: RouteMatch): boolean {
  const anyPath = path === undefined || (path.kind === 'prefix' ? path.value === '/' : path.value === '.*');
  const conditions = Object.keys(istio).filter((key) => !unconditional.has(key));
  return anyPath && method === undefined && headers.length + query.length + conditions.length === 0;
}

const nameOf = ({ name }: NamedMatch): string => name;
const lowerName = ({ name }: NamedMatch): string => name.toLowerCase();

function repeats(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}

/** A match of the application says who takes part, which only a split or a mirror can ask. */
function checkScope({ matches }: ReleaseModel, { id, needs }: Strategy): Contradiction[] {
  const [first] = matches;
  if (first === undefined || needs === 'weight' || needs === 'mirror') return [];
  const message = `has no meaning with strategy ${id}`;
  const hint = 'It says who takes part in a split or a mirror; a canary has its matches in versions[].';
  return [{ path: first.place.slice(0, 2), message, hint }];
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
