import type { Json, JsonObject } from '../../release/json.js';
import { Explainer } from './condition.js';
import { referring } from './expand.js';
import { grouped } from './grouped.js';
import { answersOf, type Instance, referencesIn, signatureOf } from './instance.js';
import { mergeSequence } from './merge-sequence.js';
import type { Branch, Entry, Template } from './template.js';

/**
 * Returns the one template of which all these instances are cases. What differs between them becomes a reference, a
 * choice or a loop.
 *
 * @throws TypeError where something differs and no question tells when
 */
export function generalise(instances: readonly Instance<Json>[]): Template {
  const templates = [...grouped(instances, kindOf)].map(([kind, members]) => ({
    members,
    template: ofKind(kind, members),
  }));
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

function kindOf(instance: Instance<Json>): string {
  const { value } = instance;
  if (typeof value === 'string') return `text ${signatureOf(value, instance)}`;
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
  return mergeSequence(instances, { markOf: (item) => item, nameOf: itemName, merge: generalise });
}

/** What tells apart the items of a list that are not all there in every release. */
function itemName(instance: Instance<Json>): string {
  const { value } = instance;
  if (typeof value === 'string') return JSON.stringify(signatureOf(value, instance));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const { kind, type, name } = value as JsonObject;
  return JSON.stringify([kind, type, typeof name === 'string' ? signatureOf(name, instance) : name]);
}

/** A key, and what stands there. */
type Pair = readonly [string, Json];

function mapEntries(instances: readonly Instance<JsonObject>[]) {
  const rows = instances.map((instance) => ({ ...instance, value: Object.entries(instance.value) as Pair[] }));
  return mergeSequence<Pair, Entry>(rows, {
    // An entry may hold the items of a list, and is one of many only where its key comes from one.
    markOf: ([key]) => key,
    nameOf: (pair) => signatureOf(pair.value[0], pair),
    merge: entryOf,
  });
}

function entryOf(entries: readonly Instance<Pair>[]): Entry {
  const [first] = entries;
  if (first === undefined) throw new TypeError('an entry has instances');
  const key = referencesIn(first.value[0], first);
  const [only] = key;
  if (key.length === 1 && typeof only === 'object' && only.type === 'tree') return { key, value: undefined };
  return { key, value: generalise(entries.map((each) => ({ ...each, value: each.value[1] }))) };
}
