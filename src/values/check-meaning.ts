import { shares } from '../release/shares.js';
import { checkEvaluation } from './check-evaluation.js';
import { checkOverlays } from './check-overlays.js';
import type { Contradiction } from './contradiction.js';
import { DnsLabel, nameHint, ServiceName } from './dns-label.js';
import { environmentsFor, supports } from './lookup.js';
import type { ResolvedRelease } from './resolve.js';
import type { PathSegment } from './source-text.js';
import type { Values } from './values.js';

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

function checkVersionNames({ model }: ResolvedRelease): Contradiction[] {
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
function checkShares({ model }: ResolvedRelease): Contradiction[] {
  const { versions, primary } = model;
  const weights = versions.map(({ weight, routed }) => (routed ? weight : 0));
  if (weights.every((weight) => weight === 0)) {
    const message = 'give no routed version a weight above 0, so nobody would answer';
    return [{ path: versionsPath, message, hint: `Give ${primary} a weight, such as 100.` }];
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return shares(weights).flatMap((share, position) => {
    if (share > 0 || weights[position] === 0) return [];
    const message = `is ${weights[position]} of ${total}, which rounds to 0 %`;
    return [
      { path: versionPath(position, 'weight'), message, hint: 'The smallest share is 1 %: raise it, or set it to 0.' },
    ];
  });
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
