import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { re2Fault } from './re2-fault.js';
import type { Values } from './values.js';

type Forms = Pick<Values['application'], 'match' | 'matches'>;
type Text = { readonly place: readonly PathSegment[]; readonly value: string };

/** Returns a contradiction for every regular expression in these matches that no gateway could read. */
export function checkExpressions({ match = [], matches = [] }: Forms, path: readonly PathSegment[]): Contradiction[] {
  const written = [
    ...(match ?? []).flatMap((each, i) => inIstioForm(each, [...path, 'match', i])),
    ...(matches ?? []).flatMap((each, i) => inGatewayForm(each, [...path, 'matches', i])),
  ];
  return written.flatMap(({ place, value }): Contradiction[] => {
    const fault = re2Fault(value);
    if (fault === undefined) return [];
    const message = `is ${JSON.stringify(value)}, which is no regular expression of RE2: ${fault}`;
    const hint =
      'RE2 knows groups, classes, repetitions and flags such as (?i), but no look-around and no backreference.';
    return [{ path: place, message, hint }];
  });
}

function inIstioForm(match: NonNullable<Forms['match']>[number], place: readonly PathSegment[]): Text[] {
  const { uri, scheme, authority } = match;
  const maps = Object.entries({
    headers: match.headers,
    queryParams: match.queryParams,
    withoutHeaders: match.withoutHeaders,
  }).flatMap(([key, map]) => Object.entries(map ?? {}).map(([name, text]) => ({ at: [key, name], text })));
  const single = Object.entries({ uri, scheme, authority }).map(([key, text]) => ({ at: [key], text }));
  return [...single, ...maps].flatMap(({ at, text }) =>
    text !== undefined && 'regex' in text && typeof text.regex === 'string'
      ? [{ place: [...place, ...at, 'regex'], value: text.regex }]
      : [],
  );
}

function inGatewayForm(match: NonNullable<Forms['matches']>[number], place: readonly PathSegment[]): Text[] {
  const { path, headers = [], queryParams = [] } = match;
  const all = [
    { at: ['path'], part: path },
    ...headers.map((part, i) => ({ at: ['headers', i], part })),
    ...queryParams.map((part, i) => ({ at: ['queryParams', i], part })),
  ];
  return all.flatMap(({ at, part }) =>
    part?.type === 'RegularExpression' && part.value !== undefined
      ? [{ place: [...place, ...at, 'value'], value: part.value }]
      : [],
  );
}
