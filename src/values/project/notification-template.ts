/** Variables of the template of a webhook's body; every one is text, but `json`, which is the whole event. */
export const bodyVariables = [
  'event',
  'release',
  'candidate',
  'summary',
  'reason',
  'code',
  'commit',
  'link',
  'json',
] as const;

/** What a body may be. */
export const contentTypes = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'] as const;

/** What a body is. */
export type ContentType = (typeof contentTypes)[number];

/** A text for every variable. */
export type BodyValues = { readonly [name in (typeof bodyVariables)[number]]: string };

/**
 * Returns a template with its variables filled in, so that no value can end the string or the field that it stands in.
 * What looks like a variable inside a value is none.
 */
export function fillBody(template: string, values: BodyValues, contentType: ContentType): string {
  return template.replace(variable, (whole, name: string) => {
    const known = bodyVariables.find((each) => each === name);
    return known === undefined ? whole : written(known, values[known], contentType);
  });
}

/** Returns what is wrong with a template, undefined for nothing. */
export function templateFault(template: string, contentType: ContentType): string | undefined {
  const unknown = [...template.matchAll(/\{\{((?:(?!\{\{|\}\}).)*)\}\}/gs)].flatMap(([whole, name = '']) =>
    new RegExp(variable).test(whole) && bodyVariables.some((each) => each === name.trim()) ? [] : [name.trim()],
  );
  if (unknown.length > 0) {
    return `has no variable ${unknown.join(', ')}: use ${bodyVariables.map((name) => `{{${name}}}`).join(', ')}`;
  }
  if (contentType !== 'application/json') return undefined;
  const sample = Object.fromEntries(bodyVariables.map((name) => [name, name === 'json' ? '{"a":1}' : 'a']));
  try {
    JSON.parse(fillBody(template, sample as BodyValues, contentType));
    return undefined;
  } catch {
    return 'is no JSON once it is filled in: put every variable in double quotes, but {{json}}, or set contentType to text/plain';
  }
}

const variable = /\{\{\s*(\w+)\s*\}\}/g;

function written(name: string, value: string, contentType: ContentType): string {
  if (contentType === 'application/x-www-form-urlencoded') return encodeURIComponent(value);
  return contentType === 'application/json' && name !== 'json' ? JSON.stringify(value).slice(1, -1) : value;
}
