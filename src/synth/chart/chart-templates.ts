import { isDeepStrictEqual } from 'node:util';
import { App, Chart } from 'cdk8s';
import type { Environment } from '../../release/environment.js';
import type { Json } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { Draw } from './draw.js';
import { expand, referring, start } from './expand.js';
import { generalise } from './generalise.js';
import type { Instance } from './instance.js';
import { mergeSequence } from './merge-sequence.js';
import { printObjects } from './print-template.js';
import { symbolicRelease } from './symbolic-release.js';
import type { Element, Template } from './template.js';

/** Draws from which a template is made, and further ones by which it is tried. */
const DRAWS = 150;
const TRIALS = 400;
const MAX_ROUNDS = 5;

interface Manifest {
  readonly kind: string;
  readonly [key: string]: Json;
}

/** What constructs rendered of one draw. */
type Rendered = Instance<readonly Manifest[]>;

/** What a chart can do: an environment with some strategies. */
export interface Cell {
  readonly environment: Environment;
  readonly strategies: readonly Strategy[];
}

/**
 * Returns the templates of a chart by the kind of their objects. Each was made from the objects of many drawn releases,
 * and gives those of as many others.
 *
 * @throws TypeError where the constructs make something of a value that no template can
 */
export function chartTemplates(cells: readonly Cell[]): ReadonlyMap<string, string> {
  const learned = cells.map((cell) => ({ id: cell.environment.id, objects: objectsOnce(cell) }));
  const kinds = [...new Set(learned.flatMap(({ objects }) => [...objects.keys()]))];
  return new Map(
    kinds.map((kind) => {
      const parts = learned.flatMap(({ id, objects }) => {
        const found = objects.get(kind);
        return found ? [{ id, objects: found }] : [];
      });
      return [kind, cells.length === 1 ? single(kind, parts) : together(kind, parts)];
    }),
  );
}

interface Part {
  /** Of the environment. */
  readonly id: string;
  readonly objects: readonly Element<Template>[];
}

function single(kind: string, [part]: readonly Part[]): string {
  const { body, definitions } = printObjects(part?.objects ?? [], nameOf(kind));
  return body + definitions;
}

/** Environments whose objects are alike share a part of the template. */
function together(kind: string, parts: readonly Part[]): string {
  const alike = new Map<string, Part[]>();
  for (const part of parts) {
    const { body, definitions } = printObjects(part.objects, nameOf(kind));
    alike.set(body + definitions, [...(alike.get(body + definitions) ?? []), part]);
  }
  const printed = [...alike.values()].map((group) => {
    const [first] = group as [Part, ...Part[]];
    const name = alike.size === 1 ? nameOf(kind) : `${nameOf(kind)}.${first.id}`;
    const ids = group.map(({ id }) => JSON.stringify(id)).join(' ');
    const { body, definitions } = printObjects(first.objects, name);
    return { body: `{{- if has $release.environment (list ${ids}) }}\n${body}{{- end }}\n`, definitions };
  });
  return printed.map(({ body }) => body).join('') + printed.map(({ definitions }) => definitions).join('');
}

function nameOf(kind: string): string {
  return `sluice.${kind.toLowerCase()}`;
}

type Objects = ReadonlyMap<string, readonly Element<Template>[]>;

const known = new WeakMap<Environment, (readonly [readonly Strategy[], Objects])[]>();

/** Learns a cell once in a process: many releases have the same. */
function objectsOnce(cell: Cell): Objects {
  const { environment, strategies } = cell;
  const earlier = known.get(environment) ?? [];
  const [, found] = earlier.find(([each]) => isDeepStrictEqual(each, strategies)) ?? [];
  const objects = found ?? objectsOf(cell);
  if (found === undefined) known.set(environment, [...earlier, [strategies, objects]]);
  return objects;
}

function objectsOf({ environment, strategies }: Cell): Objects {
  const random = generator(1);
  const drawn = (count: number) =>
    Array.from({ length: count }, (_, i) => render(environment, strategies[i % strategies.length] as Strategy, random));
  const [samples, trials] = [drawn(DRAWS * strategies.length), drawn(TRIALS)];
  const kinds = [...new Set(samples.flatMap(({ value }) => value.map(({ kind }) => kind)))];
  return new Map(kinds.map((kind) => [kind, proven(ofKind(samples, kind), ofKind(trials, kind))]));
}

function ofKind(rows: readonly Rendered[], kind: string): Rendered[] {
  return rows.map((row) => ({ ...row, value: row.value.filter((each) => each.kind === kind) }));
}

/** Learns from the trials that fail, until none does. */
function proven(samples: readonly Rendered[], trials: readonly Rendered[]): Element<Template>[] {
  let known = samples;
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    const objects = templateOf(known);
    const failed = trials.filter((trial) => !isDeepStrictEqual(expand(objects, trial), [...referringAll(trial)]));
    if (failed.length === 0) return objects;
    known = [...known, ...failed];
  }
  throw new TypeError(`no template was found for ${samples[0]?.value[0]?.kind} that fits every release`);
}

function referringAll(row: Rendered): Json[] {
  return row.value.map((each) => referring(each, row));
}

function templateOf(rows: readonly Rendered[]): Element<Template>[] {
  const parts = rows.map((row) => ({ ...row, value: row.value.map((value) => ({ value })) }));
  return mergeSequence<Json, Template>(parts, {
    markOf: (object) => object,
    nameOf: () => 'object',
    merge: generalise,
  });
}

function render(environment: Environment, strategy: Strategy, random: () => number): Rendered {
  const draw = new Draw(random);
  const { release, plan } = symbolicRelease(draw, environment, strategy);
  const chart = new Chart(new App(), 'chart');
  environment.render(chart, release, plan);
  return { ...start(draw), value: chart.toJson() as Manifest[] };
}

/** A linear congruential generator: the same numbers on every machine, so that the same chart is generated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
