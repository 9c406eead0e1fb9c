import { filled, isNumber, slotFault, slotsOf, type Values } from '../variables.js';

/** What a body is written in. */
export type BodyType = 'application/json' | 'application/x-www-form-urlencoded';

/** Returns what is wrong with a URL: variables stand in its path, its query, and nowhere before. */
export function urlFault(template: string): string | undefined {
  const fault = slotFault(template);
  if (fault !== undefined) return fault;
  const path = template.slice(template.indexOf('//') + 2).search(/[/?#]/);
  const [first] = slotsOf(template);
  const isEarly = first !== undefined && (path === -1 || first.at < template.indexOf('//') + 2 + path);
  return isEarly ? 'has a variable in the name of its server: write that out' : undefined;
}

/** Returns what is wrong with a body: in JSON, names stand in quotes, where they are escaped. */
export function bodyFault(template: string, type: BodyType): string | undefined {
  const fault = slotFault(template);
  if (fault !== undefined || type !== 'application/json') return fault;
  const loose = slotsOf(template).find(({ name, at }) => !isNumber(name) && !isInString(template, at));
  if (loose !== undefined) return `has {{${loose.name}}} outside of quotes: write "{{${loose.name}}}"`;
  const sample = filled(template, () => '0');
  return isJson(sample) ? undefined : 'is no JSON once its variables are filled in: check its quotes and commas';
}

/** Returns the URL with its variables; a name can end no part of it. */
export function fillUrl(template: string, values: Values): string {
  return filled(template, (name) => encodeURIComponent(values[name]));
}

/** Returns the body with its variables; a name can end no string and no field of it. */
export function fillBody(template: string, values: Values, type: BodyType): string {
  if (type === 'application/json') return filled(template, (name) => JSON.stringify(values[name]).slice(1, -1));
  return filled(template, (name) => encodeURIComponent(values[name]));
}

function isInString(json: string, at: number): boolean {
  let inside = false;
  for (let i = 0; i < at; i += 1) {
    if (inside && json.charAt(i) === '\\') i += 1;
    else if (json.charAt(i) === '"') inside = !inside;
  }
  return inside;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
