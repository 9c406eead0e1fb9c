import type { Json, JsonObject } from '../../release/json.js';
import { Explainer } from './condition.js';
import { referring } from './expand.js';
import { answersOf, type Instance, referencesIn } from './instance.js';
import { mergeSequence } from './merge-sequence.js';
import type { Branch, Entry, Template } from './template.js';

/**
 * Returns the one template of which all these instances are cases. What differs between them becomes a reference, a
 * choice or a loop.
 *
 * @throws TypeError where something differs and no question tells when
 */
export function generalise(instances: readonly Instance<Json>[]): Template {
  const groups = new Map<string, Instance<Json>[]>();
  for (const each of instances) {
    const kind = kindOf(each);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [each]);
    else group.push(each);
  }
  const templates = [...groups].map(([kind, members]) => ({ members, template: ofKind(kind, members) }));
  return chosen(templates, instances);
}

interface Case {
  readonly members: readonly Instance<Json>[];
  readonly template: Template;
}

/** The most frequent case needs no condition. */
function chosen(cases: readonly Case[], instances: readonly Instance<Json>[]): Template {
  const [last, ...rest] = [...cases].sort((a, b) => b.members.length - a.members.length);
  if (last === undefined) throw new TypeError('there is nothing to generalise');
  if (rest.length === 0) return last.template;
  const explainer = new Explainer(() => instances.map(answersOf));
  const branches = rest.reverse().map(({ members, template }): Branch => {
    const set = new Set(members);
    const condition = explainer.conditionFor(instances.map((each) => set.has(each)));
    if (condition === undefined) throw unexplained(members, last.members);
    return { condition, template };
  });
  return { kind: 'choice', branches, otherwise: last.template };
}

function unexplained(some: readonly Instance<Json>[], others: readonly Instance<Json>[]): TypeError {
  const [a, b] = [some[0], others[0]].map((each) => each && JSON.stringify(referring(each.value, each)));
  return new TypeError(`no question tells when ${a} stands there and when ${b}`);
}

function kindOf({ value, ...instance }: Instance<Json>): string {
  if (typeof value === 'string') return `text ${JSON.stringify(referencesIn(value, instance))}`;
  if (typeof value !== 'object' || value === null) return `constant ${JSON.stringify(value)}`;
  if (Object.keys(value).length === 0) return Array.isArray(value) ? '[]' : '{}';
  return Array.isArray(value) ? 'list' : 'map';
}

function ofKind(kind: string, members: readonly Instance<Json>[]): Template {
  const [first] = members;
  if (first === undefined) throw new TypeError('a case has members');
  if (kind === '{}' || kind === '[]') return { kind: 'empty', value: kind };
  if (kind === 'list') return { kind: 'list', items: listItems(members as Instance<readonly Json[]>[]) };
  if (kind === 'map') return { kind: 'map', entries: mapEntries(members as Instance<JsonObject>[]) };
  if (typeof first.value === 'string') return { kind: 'text', parts: referencesIn(first.value, first) };
  return { kind: 'constant', value: first.value as string | number | boolean | null };
}

function listItems(instances: readonly Instance<readonly Json[]>[]) {
  const rows = instances.map((instance) => ({ ...instance, value: instance.value.map((value) => ({ value })) }));
  return mergeSequence(rows, { markOf: (item) => item, nameOf: itemName, merge: generalise });
}

/** What tells apart the items of a list that are not all there in every release. */
function itemName({ value, ...instance }: Instance<Json>): string {
  if (typeof value === 'string') return JSON.stringify(referencesIn(value, instance));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const { kind, type, name } = value as JsonObject;
  return JSON.stringify([kind, type, typeof name === 'string' ? referencesIn(name, instance) : name]);
}

function mapEntries(instances: readonly Instance<JsonObject>[]) {
  const rows = instances.map((instance) => ({
    ...instance,
    value: Object.entries(instance.value).map(([key, value]) => ({ value: { [key]: value } as JsonObject })),
  }));
  return mergeSequence<JsonObject, Entry>(rows, {
    // An entry may hold the items of a list, and is one of many only where its key comes from one.
    markOf: keyOf,
    nameOf: ({ value, ...instance }) => JSON.stringify(referencesIn(keyOf(value), instance)),
    merge: (entries) => entryOf(entries),
  });
}

function keyOf(entry: JsonObject): string {
  return Object.keys(entry)[0] ?? '';
}

function entryOf(entries: readonly Instance<JsonObject>[]): Entry {
  const [first] = entries;
  if (first === undefined) throw new TypeError('an entry has instances');
  const key = referencesIn(keyOf(first.value), first);
  const [only] = key;
  if (key.length === 1 && typeof only === 'object' && only.type === 'tree') return { key, value: undefined };
  const values = entries.map((each) => ({ ...each, value: Object.values(each.value)[0] as Json }));
  return { key, value: generalise(values) };
}
