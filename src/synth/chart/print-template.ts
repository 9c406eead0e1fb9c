import { toYaml } from '../yaml-writer.js';
import { type Condition, negated, printCondition } from './condition.js';
import { type Element, type Entry, expressionOf, type Reference, type Template } from './template.js';

type MapTemplate = Extract<Template, { kind: 'map' }>;
type Lines = readonly string[];

/** A Helm template in two parts: what it prints, and the templates that it includes. */
export interface Printed {
  readonly body: string;
  readonly definitions: string;
}

/** Returns objects as a Helm template, each a document of its own; `name` is that of the template it may include. */
export function printObjects(objects: readonly Element<Template>[], name: string): Printed {
  const defined: string[] = [];
  const lines = elements(objects, '', (object) => ['---', ...printObject(object, { name, defined })]);
  return { body: `${lines.join('\n')}\n`, definitions: defined.map((line) => `${line}\n`).join('') };
}

/** An object that the values may overlay is a template of its own, whose output can be merged. */
function printObject(object: Template, { name, defined }: { name: string; defined: string[] }): Lines {
  const overlays = object.kind === 'map' ? object.entries.find(isOverlays) : undefined;
  if (object.kind !== 'map' || overlays === undefined) return block(object, '');
  const rest = { ...object, entries: object.entries.filter((each) => each !== overlays) };
  defined.push(
    '',
    control('', `define "${name}"`),
    control('', '$release := .release'),
    control('', '$version := .version'),
    ...block(rest, ''),
    control('', 'end'),
  );
  const context = '(dict "release" $release "version" $version)';
  return [
    control('', 'if $version.overlays'),
    control('', `$base := include "${name}" ${context} | fromYaml`),
    '{{ include "sluice.overlaid" (dict "base" $base "overlays" $version.overlays) | fromJson | toYaml }}',
    control('', 'else'),
    control('', `include "${name}" ${context}`),
    control('', 'end'),
  ];
}

function isOverlays(element: MapTemplate['entries'][number]): boolean {
  if (element.kind === 'each') return false;
  const inner = element.kind === 'if' ? element.elements[0] : element;
  if (inner?.kind !== 'one') return false;
  const [key] = inner.element.key;
  return typeof key === 'object' && key.type === 'tree' && key.path === 'overlays';
}

/** Control lines take the line break before them away, so that only what they enclose is left. */
function elements<T>(list: readonly Element<T>[], indent: string, print: (element: T) => Lines): Lines {
  const neighbours = joined(list);
  let otherwise = false;
  return neighbours.flatMap((each, i) => {
    if (each.kind === 'one') return print(each.element);
    const inner = elements(each.elements, indent, print);
    if (each.kind === 'each') {
      return [control(indent, `range $${each.item} := ${each.over}`), ...inner, control(indent, 'end')];
    }
    const opening = otherwise ? 'else' : `if ${printCondition(each.condition)}`;
    otherwise = !otherwise && isOpposite(each, neighbours[i + 1]);
    return [control(indent, opening), ...inner, ...(otherwise ? [] : [control(indent, 'end')])];
  });
}

/** Whether two neighbours are the two cases of one question. */
function isOpposite<T>(one: Element<T>, other: Element<T> | undefined): boolean {
  if (one.kind !== 'if' || other?.kind !== 'if' || one.condition.kind !== 'ask') return false;
  return isSame(one.condition, negated(other.condition));
}

/** Puts neighbours with the same condition under one `if`. */
function joined<T>(list: readonly Element<T>[]): readonly Element<T>[] {
  const done: Element<T>[] = [];
  for (const each of list) {
    const last = done.at(-1);
    if (each.kind === 'if' && last?.kind === 'if' && isSame(each.condition, last.condition)) {
      done[done.length - 1] = { ...last, elements: [...last.elements, ...each.elements] };
    } else done.push(each);
  }
  return done;
}

function isSame(one: Condition, other: Condition): boolean {
  return printCondition(one) === printCondition(other);
}

function control(indent: string, text: string): string {
  return `${indent}{{- ${text} }}`;
}

/** Returns the lines of a map or a list, each with its indent. */
function block(template: Template, indent: string): Lines {
  switch (template.kind) {
    case 'map':
      return mapLines(template, indent);
    case 'list':
      return elements(template.items, indent, (item) => itemLines(item, indent));
    case 'choice':
      return branches(template, indent, (each) => block(each, indent));
    default:
      return [`${indent}${inline(template)}`];
  }
}

function branches(
  { branches: cases, otherwise }: Extract<Template, { kind: 'choice' }>,
  indent: string,
  print: (template: Template) => Lines,
): Lines {
  return [
    ...cases.flatMap(({ condition, template }, i) => [
      control(indent, `${i === 0 ? '' : 'else '}if ${printCondition(condition)}`),
      ...print(template),
    ]),
    control(indent, 'else'),
    ...print(otherwise),
    control(indent, 'end'),
  ];
}

/** A control line cannot stand behind the dash, so what is always there comes first. */
function plainFirst(item: Template): Template {
  if (item.kind !== 'map') return item;
  const first = item.entries.find((each) => each.kind === 'one' && each.element.value?.kind !== 'choice');
  return first ? { ...item, entries: [first, ...item.entries.filter((each) => each !== first)] } : item;
}

function itemLines(item: Template, indent: string): Lines {
  if (item.kind === 'choice') return branches(item, indent, (each) => itemLines(each, indent));
  const lines = block(plainFirst(item), `${indent}  `);
  const [first = '', ...rest] = lines;
  if (first.trimStart().startsWith('{{-')) return [`${indent}-`, ...lines];
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function mapLines(map: MapTemplate, indent: string): Lines {
  const texts = mergedTexts(map);
  if (texts !== undefined) return [control(indent, `${texts} | toYaml | nindent ${indent.length}`)];
  return elements(map.entries, indent, (entry) => entryLines(entry, indent));
}

function entryLines({ key, value }: Entry, indent: string): Lines {
  if (value === undefined) return [control(indent, `toYaml ${expression(key)} | nindent ${indent.length}`)];
  const fallback = value.kind === 'choice' ? defaulted(value) : undefined;
  if (fallback !== undefined) return [`${indent}${inline({ kind: 'text', parts: key })}: {{ ${fallback} | toJson }}`];
  if (value.kind === 'choice') return branches(value, indent, (each) => entryLines({ key, value: each }, indent));
  const name = `${indent}${inline({ kind: 'text', parts: key })}:`;
  if (value.kind === 'map') return [name, ...block(value, `${indent}  `)];
  if (value.kind === 'list') return [name, ...block(value, indent)];
  return [`${name} ${inline(value)}`];
}

/** Returns one expression for a text that stands in place of another where it is there. */
function defaulted({ branches: cases, otherwise }: Extract<Template, { kind: 'choice' }>): string | undefined {
  const [only, ...more] = cases;
  if (only?.template.kind !== 'text' || otherwise.kind !== 'text' || more.length > 0) return undefined;
  const { condition, template } = only;
  const [own, other] = [expression(template.parts), expression(otherwise.parts)];
  if (condition.kind !== 'ask' || condition.not) {
    const swapped = condition.kind === 'ask' && condition.expression === other;
    return swapped ? `${other} | default ${argument(own)}` : undefined;
  }
  return condition.expression === own ? `${own} | default ${argument(other)}` : undefined;
}

/**
 * Returns the expression of a map that mixes texts with whole maps of the values: what stands later wins, which two
 * lines with one key would not do. Undefined where nothing is mixed, or there is more than texts.
 */
function mergedTexts({ entries }: MapTemplate): string | undefined {
  const flat = entries.map((each) => (each.kind === 'if' && each.elements.length === 1 ? each.elements[0] : each));
  const simple = flat.flatMap((each) => (each?.kind === 'one' ? [each.element] : []));
  if (simple.length < entries.length || simple.length < 2) return undefined;
  if (!simple.some(({ value }) => value === undefined)) return undefined;
  if (simple.some(({ value }) => value !== undefined && value.kind !== 'text')) return undefined;
  const parts: string[] = [];
  for (const [i, { key, value }] of simple.entries()) {
    if (entries[i]?.kind === 'if' && value !== undefined) return undefined;
    if (value?.kind === 'text') {
      const pair = `${JSON.stringify(key.join(''))} ${argument(expression(value.parts))}`;
      const last = parts.at(-1);
      if (last?.startsWith('dict ')) parts[parts.length - 1] = `${last} ${pair}`;
      else parts.push(`dict ${pair}`);
    } else parts.push(expression(key));
  }
  return `mergeOverwrite ${['dict', ...parts]
    .map(argument)
    .map((each) => (each === 'dict' ? '(dict)' : each))
    .join(' ')}`;
}

function inline(template: Template): string {
  if (template.kind === 'constant') return toYaml(template.value).trimEnd();
  if (template.kind === 'empty') return template.value;
  if (template.kind !== 'text') throw new TypeError(`a ${template.kind} takes lines of its own`);
  const { parts } = template;
  if (parts.every((part) => typeof part === 'string')) return literal(parts.join(''));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object' && only.type === 'int') return `{{ int64 ${expressionOf(only)} }}`;
  return `{{ ${expression(parts)} | toJson }}`;
}

/** A template would read two braces as its own. */
function literal(text: string): string {
  return text.includes('{{') ? `{{ ${JSON.stringify(text)} | toJson }}` : toYaml(text).trimEnd();
}

function expression(parts: readonly (string | Reference)[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined)
    return typeof only === 'string' ? JSON.stringify(only) : expressionOf(only);
  const format = parts.map((part) => (typeof part === 'string' ? part.replaceAll('%', '%%') : form(part))).join('');
  const values = parts.flatMap((part) => (typeof part === 'string' ? [] : [value(part)]));
  return `printf ${JSON.stringify(format)} ${values.join(' ')}`;
}

function form({ type }: Reference): string {
  return type === 'int' ? '%d' : '%s';
}

function value(reference: Reference): string {
  return reference.type === 'int' ? `(int64 ${expressionOf(reference)})` : expressionOf(reference);
}

function argument(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}
