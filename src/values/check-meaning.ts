import type { VersionModel } from '../release/model.js';
import { environmentsFor, supports } from './lookup.js';
import type { ResolvedRelease } from './resolve.js';
import type { PathSegment } from './source-text.js';
import type { Values } from './values.js';

/** Something that has the right shape and cannot be meant. */
export interface Contradiction {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string;
}

/** Returns everything in the values that contradicts itself or asks for what cannot be done. */
export function checkMeaning(values: Values, release: ResolvedRelease): Contradiction[] {
  return [
    ...checkPair(release),
    ...checkNames(release),
    ...checkImages(release),
    ...checkPrimary(release),
    ...checkWeights(values, release),
    ...checkMatches(values, release),
    ...checkOverlays(values, release),
    ...checkEvaluation(values, release),
  ];
}

const versionsPath = ['application', 'versions'] as const;

function versionPath(position: number, ...rest: readonly PathSegment[]): PathSegment[] {
  return [...versionsPath, position, ...rest];
}

function checkPair({ environment, strategy }: ResolvedRelease): Contradiction[] {
  if (supports(environment, strategy)) return [];
  return [
    {
      path: ['application', 'strategy'],
      message: `is ${strategy.id}, which environment ${environment.id} cannot do`,
      hint: `${strategy.id} works with: ${environmentsFor(strategy).join(', ')}.`,
    },
  ];
}

function checkNames({ model }: ResolvedRelease): Contradiction[] {
  const { name, versions } = model;
  return versions.flatMap((version, position): Contradiction[] => {
    const path = versionPath(position, 'metadata', 'name');
    const first = versions.findIndex((other) => other.name === version.name);
    if (first < position) {
      const message = `is ${JSON.stringify(version.name)} again, the name of versions[${first}]`;
      return [{ path, message, hint: 'Give every version a name of its own.' }];
    }
    if (version.name === name) {
      const message = `is ${JSON.stringify(name)}, the name of the release`;
      return [
        { path, message, hint: `The release has a Service of that name; call the version ${name}-v1, for example.` },
      ];
    }
    if (version.name.length > 63) {
      const message = `would be ${JSON.stringify(version.name)}, longer than 63 characters`;
      return [{ path, message, hint: 'Give the version a shorter metadata.name.' }];
    }
    return [];
  });
}

function checkImages({ model }: ResolvedRelease): Contradiction[] {
  return model.versions.flatMap(({ image, workload }, position) =>
    image !== undefined || workload !== undefined
      ? []
      : [
          {
            path: versionPath(position, 'image'),
            message: 'is missing',
            hint: 'Give the image that the version runs.',
          },
        ],
  );
}

function checkPrimary({ model }: ResolvedRelease): Contradiction[] {
  const position = model.versions.findIndex(({ name }) => name === model.primary);
  if (position === -1) {
    const names = model.versions.map(({ name }) => name).join(', ');
    const message = `is ${JSON.stringify(model.primary)}, which no version is called`;
    return [{ path: ['application', 'primary'], message, hint: `The versions are: ${names}.` }];
  }
  if (model.versions[position]?.routed !== false) return [];
  const message = 'is false, but this version is the primary, which answers what no rule sends elsewhere';
  return [
    { path: versionPath(position, 'routed'), message, hint: 'Name another version in application.primary first.' },
  ];
}

function checkWeights(values: Values, { model, strategy }: ResolvedRelease): Contradiction[] {
  if (strategy.id === 'blue-green' && routed(model.versions).every(({ weight }) => weight === 0)) {
    const message = 'give no routed version a weight above 0, so nobody would answer';
    return [{ path: versionsPath, message, hint: `Give ${model.primary} a weight, such as 100.` }];
  }
  if (strategy.id !== 'mirrored') return [];
  return values.application.versions.flatMap(({ weight }, position) =>
    (weight ?? 0) > 100
      ? [
          {
            path: versionPath(position, 'weight'),
            message: `is ${weight}, but in mirrored the weight is a percent`,
            hint: 'Give 0 to 100: how many of a hundred requests are copied.',
          },
        ]
      : [],
  );
}

function routed(versions: readonly VersionModel[]): VersionModel[] {
  return versions.filter((version) => version.routed);
}

function checkMatches(values: Values, { model, environment, strategy }: ResolvedRelease): Contradiction[] {
  return model.versions.flatMap(({ matches }, position): Contradiction[] => {
    const { match, matches: written } = values.application.versions[position] ?? {};
    if (match !== undefined && written !== undefined) {
      const message = 'stands beside matches, and one of the two would be ignored';
      return [{ path: versionPath(position, 'match'), message, hint: 'Keep one of match and matches.' }];
    }
    // An impossible pair is reported once, not once more for every match.
    if (strategy.needs !== 'match' || !supports(environment, strategy)) return [];
    const key = match === undefined ? 'matches' : 'match';
    return matches.flatMap((each, at) => {
      const path = versionPath(position, key, at);
      const reason = environment.refuses(each);
      if (reason !== undefined) {
        return [{ path, message: `cannot be a match of ${environment.id}: ${reason}`, hint: 'Write it another way.' }];
      }
      if (each.headers.length + each.query.length > 0 || each.path || each.method || each.istio) return [];
      return [{ path, message: 'fits every request', hint: 'Name a header, path, method or query parameter.' }];
    });
  });
}

/** The Service of a version finds its pods by the label `app`, which no overlay may change or take away. */
function checkOverlays({ application }: Values, { model }: ResolvedRelease): Contradiction[] {
  const generated = model.versions.filter(({ workload }) => workload === undefined).map(({ name }) => name);
  const overlays = [
    { path: ['application', 'deployment'], overlay: application.deployment, names: generated },
    ...application.versions.map(({ deployment }, position) => {
      const { name = '' } = model.versions[position] ?? {};
      return {
        path: versionPath(position, 'deployment'),
        overlay: deployment,
        names: generated.filter((n) => n === name),
      };
    }),
  ];
  return overlays.flatMap(({ path, overlay, names }) =>
    appLabels.flatMap((label): Contradiction[] => {
      const end = endOf(overlay, label);
      const cut = names.find((name) => end.value !== undefined && end.value !== name);
      if (cut === undefined) return [];
      const message = `is ${JSON.stringify(end.value)}, but the Service of ${cut} finds its pods by app: ${cut}`;
      const hint =
        'Leave spec.selector and the label app of spec.template as they are generated; other labels are free.';
      return [{ path: [...path, ...label.slice(0, end.depth)], message, hint }];
    }),
  );
}

const appLabels = [
  ['spec', 'selector', 'matchLabels', 'app'],
  ['spec', 'template', 'metadata', 'labels', 'app'],
];

/** Walks down a path as far as there are maps on it. */
function endOf(root: unknown, path: readonly string[]): { readonly value: unknown; readonly depth: number } {
  let value = root;
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value, depth };
    value = (value as Record<string, unknown>)[key];
  }
  return { value, depth: path.length };
}

function checkEvaluation(values: Values, { rollout, strategy }: ResolvedRelease): Contradiction[] {
  const found: Contradiction[] = [];
  if ((values.analysis === undefined) !== (values.rollout === undefined)) {
    const [there, missing] = values.analysis === undefined ? ['rollout', 'analysis'] : ['analysis', 'rollout'];
    const message = `stands without ${missing}`;
    found.push({ path: [there], message, hint: 'An evaluated release has both, any other has neither.' });
  }
  if (values.analysis !== undefined && strategy.needs === undefined) {
    const message = `is ${strategy.id}, which exposes no candidate, but the values ask for an analysis`;
    found.push({ path: ['application', 'strategy'], message, hint: 'Choose blue-green, canary or mirrored.' });
  }
  const falling = rollout?.steps.findIndex((step, i, steps) => i > 0 && step <= (steps[i - 1] ?? 0)) ?? -1;
  if (falling > 0) {
    const message = `is ${rollout?.steps[falling]}, not above the step before it`;
    found.push({ path: ['rollout', 'steps', falling], message, hint: 'Steps rise, such as [5, 20, 50].' });
  }
  return found;
}
