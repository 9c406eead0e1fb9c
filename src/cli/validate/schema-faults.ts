import type { ErrorObject } from 'ajv';
import type { PathSegment } from '../../release/contradiction.js';
import { nearest } from '../../values/check-shape.js';
import { formatPath } from '../../values/source-text.js';

/** Something that a schema refuses in an object. */
export interface Fault {
  /** Where in the object; a field that is unknown is its last segment. */
  readonly path: readonly PathSegment[];
  readonly message: string;
  /** What to do, where the schema tells. */
  readonly hint?: string;
}

/** Returns what ajv found, each once. Of alternatives, that none fits says it all: what each of them lacks would fill a page. */
export function faultsIn(errors: readonly ErrorObject[]): Fault[] {
  const told = errors.filter(({ schemaPath }) => !/\/(anyOf|oneOf)\/\d+\//.test(schemaPath)).map(faultIn);
  return [...new Map(told.map((fault) => [fault.message, fault])).values()];
}

function faultIn({ instancePath, keyword, params, message, parentSchema }: ErrorObject): Fault {
  const path = instancePath.split('/').slice(1).map(segmentOf);
  const where = path.length === 0 ? 'the object' : formatPath(path);
  if (keyword === 'additionalProperties') {
    const field = String(params.additionalProperty);
    const hint = knownFields(field, Object.keys(parentSchema?.properties ?? {}));
    return { path: [...path, field], message: `${where} has the unknown field ${field}`, hint };
  }
  if (keyword === 'enum') return { path, message: `${where} must be one of ${params.allowedValues.join(', ')}` };
  if (keyword === 'type') return { path, message: `${where} must be ${[params.type].flat().join(' or ')}` };
  return { path, message: `${where} ${message}` };
}

/** A pod has more than anybody reads. */
const mostFields = 20;

function knownFields(field: string, known: readonly string[]): string {
  if (known.length === 0) return 'No field is allowed there.';
  const near = nearest(field, known);
  const more = known.length > mostFields ? ` and ${known.length - mostFields} more` : '';
  const allowed = `Allowed are: ${known.slice(0, mostFields).join(', ')}${more}.`;
  return near === undefined ? allowed : `Did you mean ${near}? ${allowed}`;
}

/** A key of digits alone is told as a position; nothing but the wording comes of that. */
function segmentOf(written: string): PathSegment {
  const segment = written.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(segment) ? Number(segment) : segment;
}
