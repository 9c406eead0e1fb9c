import { filled, isNumber, slotFault, slotsOf, type Values } from './variables.js';

/** Where a variable stands in PromQL: in a string that is a regular expression, in another string, or in neither. */
type Place = { readonly kind: 'code' } | { readonly kind: 'string' | 'regex'; readonly quote: string };

/** How many versions a query is for. */
export type Many = 'one' | 'all';

/**
 * Returns what is wrong with a query: names stand in quotes, where they are escaped, and a query for all versions matches
 * them by `=~`.
 */
export function promqlFault(template: string, many: Many): string | undefined {
  const fault = slotFault(template);
  if (fault !== undefined) return fault;
  for (const { name, at } of slotsOf(template)) {
    if (isNumber(name)) continue;
    const place = placeAt(template, at);
    if (place.kind === 'code')
      return `has {{${name}}} outside of quotes: write it as a label's value, in double quotes`;
    if (place.quote === '`')
      return `has {{${name}}} between backquotes, where nothing can be escaped: use double quotes`;
    if (many === 'all' && place.kind !== 'regex') {
      return `is for all versions, but {{${name}}} is in no regular expression: match it by =~, or leave out by`;
    }
  }
  return undefined;
}

/**
 * Returns the query with its variables. A name can neither end its string nor mean anything else than itself in a regular
 * expression; several become its alternatives.
 *
 * @param all at least one; they have the same windows
 */
export function fillPromql(template: string, all: readonly Values[]): string {
  return filled(template, (name, at) => {
    const values = [...new Set(all.map((each) => each[name]))].sort();
    if (isNumber(name)) return values[0] ?? '';
    const place = placeAt(template, at);
    const alternatives = place.kind === 'regex' ? values.map(escapeRegex) : values;
    const text = alternatives.length === 1 ? (alternatives[0] ?? '') : `(?:${alternatives.join('|')})`;
    return place.kind !== 'code' && place.quote === "'" ? inQuotes(text).replaceAll("'", "\\'") : inQuotes(text);
  });
}

/** The escapes of RE2. */
function escapeRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** JSON's escapes are a subset of those of PromQL. */
function inQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Reads PromQL up to a place: strings with their escapes, and comments up to the end of their line. */
function placeAt(query: string, at: number): Place {
  let place: Place = { kind: 'code' };
  let lastCode = '';
  for (let i = 0; i < at; i += 1) {
    const char = query.charAt(i);
    if (place.kind !== 'code') {
      if (char === '\\' && place.quote !== '`') i += 1;
      else if (char === place.quote) place = { kind: 'code' };
      continue;
    }
    if (char === '#') {
      const end = query.indexOf('\n', i);
      if (end === -1 || end >= at) return place;
      i = end;
    } else if (char === '"' || char === "'" || char === '`') {
      place = { kind: /[=!]~$/.test(lastCode) ? 'regex' : 'string', quote: char };
      lastCode = '';
    } else if (!/\s/.test(char)) lastCode = lastCode.slice(-1) + char;
  }
  return place;
}
