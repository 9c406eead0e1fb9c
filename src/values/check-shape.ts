import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import type { Problem } from '../errors.js';
import type { PathSegment } from '../release/contradiction.js';
import { configError, type SourceText } from './source-text.js';

/** zod can write code for a schema, which costs 3 ms at the start and is made up for after some hundred files. */
const WORTH_COMPILING = 100;
let files = 0;

/** What is checked, and how it places what is wrong. */
export type CheckedText = Pick<SourceText, 'data' | 'problem'>;

/**
 * Returns the data of a file in the shape of `schema`.
 *
 * @param rest returns what else is wrong with data of a wrong shape
 * @throws ConfigError with every problem at once, each with its position, what is allowed and the nearest known key
 */
export function checkShape<Schema extends z.ZodType>(
  source: CheckedText,
  schema: Schema,
  rest: () => readonly Problem[] = () => [],
): z.output<Schema> {
  const result = schema.safeParse(source.data, { reportInput: true, jitless: files++ < WORTH_COMPILING });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(source, schema, issue));
  throw configError([...problems, ...rest()].sort(byPosition));
}

function byPosition(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function problemsOf(source: CheckedText, schema: z.ZodType, issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(source, [...path, key], knownKeys(schema, path)));
  }
  if (issue.code === 'invalid_union' && !hasOwnWords(issue)) {
    return meant(issue).flatMap((each) => problemsOf(source, schema, { ...each, path: [...path, ...each.path] }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((each) => {
      const { message, hint } = wording({ ...each, input: path.at(-1) } as z.core.$ZodIssue);
      return source.problem(path, message, { ...(hint !== undefined && { hint }), atKey: true });
    });
  }
  const { message, hint } = wording(issue);
  return [source.problem(path, message, hint === undefined ? {} : { hint })];
}

/** Returns what is wrong for the first member of a union that takes this kind of value, or else for its first one. */
function meant({ errors }: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] {
  const fits = (issues: readonly z.core.$ZodIssue[]) => {
    return issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  };
  return errors.find(fits) ?? errors[0] ?? [];
}

/** A schema with words of its own knows better than its type. */
function hasOwnWords({ message }: z.core.$ZodIssue): boolean {
  return !message.startsWith('Invalid ');
}

function unknownKey(source: CheckedText, path: readonly PathSegment[], known: readonly string[]): Problem {
  const near = nearest(String(path.at(-1)), known);
  const allowed = known.length === 0 ? 'No key is allowed here.' : `Allowed are: ${known.join(', ')}.`;
  const hint = near === undefined ? allowed : `Did you mean ${near}? ${allowed}`;
  return source.problem(path, 'is no known key', { hint, atKey: true });
}

/** Returns the known word that a person most likely meant, or undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

interface Wording {
  readonly message: string;
  readonly hint?: string;
}

function wording(issue: z.core.$ZodIssue): Wording {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) {
        const own = hasOwnWords(issue) ? withHint(issue.message).hint : undefined;
        return { message: 'is missing', hint: own ?? `Give ${article(issue.expected)}.` };
      }
      return hasOwnWords(issue)
        ? withHint(`${show(issue.input)} ${issue.message}`)
        : { message: `is ${show(issue.input)}, not ${article(issue.expected)}`, hint: typeHint(issue) };
    case 'invalid_value':
      return choice(issue);
    case 'too_small':
      if (issue.inclusive === false) {
        return { message: `is ${size(issue)}, not above ${issue.minimum}`, hint: `Give more than ${issue.minimum}.` };
      }
      return {
        message: `is ${size(issue)}, below the least allowed: ${issue.minimum}`,
        hint: `Give at least ${issue.minimum}${unit(issue)}.`,
      };
    case 'too_big':
      if (issue.inclusive === false) {
        return { message: `is ${size(issue)}, not below ${issue.maximum}`, hint: `Give less than ${issue.maximum}.` };
      }
      return {
        message: `is ${size(issue)}, above the most allowed: ${issue.maximum}`,
        hint: `Give at most ${issue.maximum}${unit(issue)}.`,
      };
    case 'invalid_format':
      // A URL may hold a password.
      return withHint(issue.format === 'url' ? issue.message : `${show(issue.input)} ${issue.message}`);
    default:
      return withHint(typeof issue.input === 'string' ? `${show(issue.input)} ${issue.message}` : issue.message);
  }
}

/** A schema words what is wrong and what to do about it as one text, with `: ` between the two. */
function withHint(text: string): Wording {
  const [, message = text, hint] = /^(.*?): (.*)$/.exec(text) ?? [];
  return hint === undefined ? { message } : { message, hint: `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.` };
}

function choice(issue: z.core.$ZodIssueInvalidValue): Wording {
  if (hasOwnWords(issue)) return withHint(`${show(issue.input)} ${issue.message}`);
  const allowed = issue.values.map(String);
  const hint = `Allowed are: ${allowed.join(', ')}.`;
  if (issue.input === undefined) return { message: 'is missing', hint };
  const near = nearest(String(issue.input), allowed);
  return { message: `is ${show(issue.input)}`, hint: near === undefined ? hint : `Did you mean ${near}? ${hint}` };
}

function size(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const { input } = issue;
  if (typeof input === 'string' || Array.isArray(input)) return `${input.length} long`;
  return show(input);
}

/** Returns what the numbers of a size count: nothing for the size of a number. */
function unit({ input }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (typeof input === 'string') return ' characters';
  return Array.isArray(input) ? ' in the list' : '';
}

function typeHint({ expected, input }: z.core.$ZodIssueInvalidType): string {
  const scalar = typeof input === 'boolean' || typeof input === 'number' || input instanceof Date;
  if (expected === 'string' && scalar) return 'Put it in quotes to make it a string.';
  const quoted = typeof input === 'string' && input.trim() !== '' && !Number.isNaN(Number(input));
  if ((expected === 'number' || expected === 'int') && quoted) return 'Write it without quotes.';
  return `Give ${article(expected)}.`;
}

function article(expected: string): string {
  const words: Record<string, string> = {
    int: 'an integer',
    object: 'a map',
    record: 'a map',
    array: 'a list',
    string: 'a string',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[expected] ?? expected;
}

function show(input: unknown): string {
  if (input instanceof Date) return 'a date';
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map';
  return typeof input === 'string' ? JSON.stringify(input) : String(input);
}

/** Returns the keys that the schema knows in the map at `path`; none where several kinds of map are allowed. */
export function knownKeys(schema: z.ZodType, path: readonly PathSegment[]): string[] {
  let at: unknown = unwrap(schema);
  for (const segment of path) {
    if (at instanceof z.ZodObject) at = unwrap(at.shape[String(segment)]);
    else if (at instanceof z.ZodArray) at = unwrap(at.element);
    else if (at instanceof z.ZodRecord) at = unwrap(at.valueType);
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodUnion) {
    const [map, ...others] = schema.options.map(unwrap).filter((member) => member instanceof z.ZodObject);
    return others.length > 0 ? undefined : map;
  }
  if (schema instanceof z.ZodLazy) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return unwrap(schema.unwrap());
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap()) : schema;
}
