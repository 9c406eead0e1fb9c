import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import type { NamedMatch, RouteMatch } from '../release/route-plan.js';
import type { Strategy } from '../release/strategy.js';
import { checkExpressions } from './check-expressions.js';
import { countingForms, type MatchForms, unusedForm } from './matches.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';
import { versionPath } from './version-path.js';

/** Returns what is wrong with the matches that are read, or stands beside them in another form. */
export function checkMatches(values: Values, release: ResolvedRelease): Contradiction[] {
  const { model, strategy, matchForm } = release;
  const places = readPlaces(values, release);
  const read = [
    ...model.matches,
    ...(strategy.needs === 'match' ? model.versions.flatMap(({ matches }) => matches) : []),
  ];
  const hint = 'Name a header, path, method or query parameter.';
  return [
    ...(matchForm === undefined ? places.flatMap(refuseBoth) : []),
    ...places.flatMap(({ forms, path }) => checkExpressions(countingForms(forms, matchForm), path)),
    ...checkRepeats(read),
    ...checkScope(model, strategy),
    ...read.filter(fitsEverything).map(({ place }) => ({ path: place, message: 'fits every request', hint })),
  ];
}

/** Returns the matches without effect: those in another form than the environment's, and those that come too late. */
export function noticeMatches(values: Values, release: ResolvedRelease): Contradiction[] {
  return [...noticeForms(values, release), ...noticeUnreachable(release)];
}

interface Place {
  readonly forms: MatchForms;
  readonly path: readonly PathSegment[];
}

/** Where matches stand that somebody reads: those of versions wait there for a strategy that does. */
function readPlaces({ application }: Values, { strategy }: ResolvedRelease): Place[] {
  const versions = strategy.needs === 'match' ? application.versions : [];
  return [
    { forms: application, path: ['application'] },
    ...versions.map((forms, position) => ({ forms, path: versionPath(position) })),
  ];
}

function refuseBoth({ forms, path }: Place): Contradiction[] {
  if (unusedForm(forms, 'matches') === undefined) return [];
  const message = 'stands beside matches, and one of the two would be ignored';
  return [{ path: [...path, 'match'], message, hint: 'Keep one of match and matches.' }];
}

/** As in Iter8, whose environments read their own form and know nothing of the other. */
function noticeForms(values: Values, release: ResolvedRelease): Contradiction[] {
  const { environment, matchForm, model } = release;
  if (matchForm === undefined) return [];
  const mode = environment.supports.includes('deployment-mode') ? ` in ${model.deploymentMode} mode` : '';
  return readPlaces(values, release).flatMap(({ forms, path }): Contradiction[] => {
    const unused = unusedForm(forms, matchForm);
    if (unused === undefined) return [];
    const message = `has no effect beside ${matchForm}, which is the form of ${environment.id}${mode}`;
    return [{ path: [...path, unused], message, hint: 'It may stay; remove it to silence this.' }];
  });
}

/** A candidate whose every match an earlier one has gets no request; one that is not routed gets none anyway. */
function noticeUnreachable({ model, strategy, rollout }: ResolvedRelease): Contradiction[] {
  if (strategy.needs !== 'match') return [];
  const seen = new Set<string>();
  return model.versions.flatMap((version, position): Contradiction[] => {
    const { name, routed, matches } = version;
    if (name === model.primary || !(routed || rollout !== undefined)) return [];
    const texts = matches.map(({ place: _, ...match }) => JSON.stringify(match));
    const reached = texts.some((text) => !seen.has(text));
    for (const text of texts) seen.add(text);
    const message = 'is reached by no request, since an earlier version has the same match';
    return reached ? [] : [{ path: versionPath(position), message, hint: 'Give it a match of its own.' }];
  });
}

function checkRepeats(read: readonly RouteMatch[]): Contradiction[] {
  const twice = read.filter(({ headers, query }) => repeats(headers.map(lowerName)) || repeats(query.map(nameOf)));
  return twice.map(({ place }) => ({
    path: place,
    message: 'names one header or query parameter twice, and only one of the two would count',
    hint: 'Put both conditions into one regular expression.',
  }));
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
