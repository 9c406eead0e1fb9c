import { isDeepStrictEqual } from 'node:util';
import { InternalError } from '../../errors.js';
import type { Environment } from '../../release/environment.js';
import type { Json } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { Draw, randomNumbers } from './draw.js';
import { expand } from './expand.js';
import { generalise } from './generalise.js';
import { mergeSequence } from './merge-sequence.js';
import { assertParametric } from './parametric.js';
import { printObjects } from './print-template.js';
import { type Cell, type Rendered, renderDraw } from './render-draw.js';
import type { Element, Template } from './template.js';

/** Draws from which a template is made, for every strategy. */
const DRAWS = 150;
/** Further draws by which a template is tried. What fails is learned from, and tried with as many new ones. */
const TRIALS = 400;
const MAX_ROUNDS = 3;

/**
 * Returns the templates of a chart by the kind of their objects. Each was made from the objects of many drawn releases,
 * and gives those of as many others.
 *
 * @throws InternalError where `render` makes something of a value that no template can
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

/** Whatever a construct throws at a hole is a look into it as well. */
function objectsOf(cell: Cell): Objects {
  try {
    assertParametric(cell);
    return learn(cell);
  } catch (error) {
    const current = error instanceof Error ? error.message : String(error);
    throw new InternalError(`Cannot learn a chart of environment ${cell.environment.id} as it renders: ${current}`, {
      code: 'internal/not-parametric',
      hint: 'render() may only ask what is there, and write it: work out the rest in prepare(). See docs/adding-an-environment.md.',
      cause: error,
    });
  }
}

/**
 * Learns from the trials that fail, until a whole round of new ones fits: a template that has only learned its samples by
 * heart never gets there. Trials that fit are forgotten at once, since there are many.
 */
function learn({ environment, strategies }: Cell): Objects {
  const random = randomNumbers(1);
  const drawn = (i: number) => renderDraw(new Draw(random), environment, strategies[i % strategies.length] as Strategy);
  const samples = Array.from({ length: DRAWS * strategies.length }, (_, i) => drawn(i));
  let misfits: Misfit[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const objects = templatesOf(samples);
    misfits = Array.from({ length: TRIALS }, (_, i) => misfitOf(drawn(i), objects)).filter(
      (each) => each !== undefined,
    );
    if (misfits.length === 0) return objects;
    samples.push(...misfits.map(({ trial }) => trial));
  }
  const kind = misfits[0]?.kind;
  throw new TypeError(`no question tells how ${kind} differs from release to release, such as a position in a list`);
}

function templatesOf(samples: readonly Rendered[]): Objects {
  const kinds = new Set(samples.flatMap(({ value }) => value.map(({ kind }) => kind)));
  return new Map([...kinds].map((kind) => [kind, templateOf(samples.map((row) => ofKind(row, kind)))]));
}

/** A trial of which some kind of object came out otherwise. */
interface Misfit {
  readonly kind: string;
  readonly trial: Rendered;
}

function misfitOf(trial: Rendered, objects: Objects): Misfit | undefined {
  const kinds = new Set([...objects.keys(), ...trial.value.map(({ kind }) => kind)]);
  const kind = [...kinds].find(
    (each) => !isDeepStrictEqual(expand(objects.get(each) ?? [], trial), ofKind(trial, each).value),
  );
  return kind === undefined ? undefined : { kind, trial };
}

function ofKind(row: Rendered, kind: string): Rendered {
  return { ...row, value: row.value.filter((each) => each.kind === kind) };
}

function templateOf(rows: readonly Rendered[]): Element<Template>[] {
  return mergeSequence<Json, Template>(rows, {
    markOf: (object) => object,
    nameOf: () => 'object',
    merge: generalise,
  });
}
