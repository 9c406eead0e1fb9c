import type { Json, JsonObject } from '../../src/release/json.js';
import type { Allocation } from '../../src/release/strategy.js';
import { synth } from '../../src/synth/synth.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { loadValues } from '../../src/values/load.js';
import { cells } from '../laws/accepted.js';
import type { WrittenValues, WrittenVersion } from '../laws/releases.js';
import { type TableForm, tableValues, variantsOf } from './table-values.js';

/** What the values file of a rollout holds next, and what is rendered of it. */
export interface TableStep {
  readonly title: string;
  readonly objects: readonly JsonObject[];
}

/** A ✓ of the table, with so many versions; its namespace is its title. */
export interface TableRollout extends TableForm {
  readonly title: string;
}

const percents = [0, 1, 50, 99, 100];

/** Every ✓ of the table with one, two and three versions, and what else its releases can hold with two. */
export const tableRollouts: readonly TableRollout[] = cells.flatMap(({ environment, strategy }) =>
  variantsOf({ environment, strategy }).flatMap((variant) =>
    (['plain', 'raw'].includes(variant) ? [1, 2, 3] : [2]).map((versionCount) => {
      const title = `${environment.id}-${strategy.id}-${variant}-${versionCount}`.replaceAll('.', '-');
      return { title, environment, strategy, variant, versionCount, namespace: title };
    }),
  ),
);

/**
 * Returns every step of a rollout: the last version enters without traffic, is given more and more, leaves, enters again,
 * becomes the primary, and the others leave.
 *
 * @throws ConfigError where a step is refused
 */
export function stepsOf(form: TableForm): TableStep[] {
  const whole = tableValues(form);
  if (form.versionCount === 1) return [stepOf('the primary alone', whole)];
  const { strategy, versionCount } = form;
  const { versions } = whole.application;
  const { model } = loadValues(textOf(whole), { file: 'values.yaml', name: 'shop', namespace: 'default' }).release;
  const last = model.versions[versionCount - 1]?.name as string;
  const at = (percent: number) => within(form, allocated(whole, strategy.expose(model, { [last]: percent })), percent);
  const staying = versions.slice(0, -1);
  const before = withVersions(whole, staying);
  const entered = withVersions(whole, [...staying, { ...versions.at(-1), routed: false }]);
  const promoted = allocated(whole, strategy.promote(model, last));
  return [
    stepOf('before the candidate', before),
    stepOf('the candidate enters', entered),
    ...percents.map((percent) => stepOf(`${percent} %`, at(percent))),
    stepOf('the candidate leaves', before),
    stepOf('the candidate enters again', entered),
    stepOf('the candidate is promoted', promoted),
    stepOf('the others leave', withVersions(promoted, promoted.application.versions.slice(-1))),
  ];
}

function stepOf(title: string, values: WrittenValues): TableStep {
  return { title, objects: synth(textOf(values), { name: 'shop' }) as readonly JsonObject[] };
}

function textOf(values: WrittenValues): string {
  return toYaml(values as unknown as Json);
}

/** Writes what the evaluator would. */
function allocated(values: WrittenValues, { primary, versions }: Allocation): WrittenValues {
  const exposed = values.application.versions.map((version) => ({ ...version, ...versions[nameOf(version)] }));
  return { ...values, application: { ...values.application, primary, versions: exposed } };
}

function nameOf({ metadata, external }: WrittenVersion): string {
  return metadata?.name ?? (external as { readonly deployment: string }).deployment;
}

/** Of three versions, the second has what the copies for the third leave; Emissary copies for one alone. */
function within(form: TableForm, values: WrittenValues, percent: number): WrittenValues {
  const { environment, strategy, versionCount } = form;
  if (strategy.needs !== 'mirror' || versionCount < 3 || percent === 0) return values;
  const weight = environment.id === 'emissary' ? 0 : Math.min(10, 100 - percent);
  const versions = values.application.versions.map((each, i) => (i === 1 ? { ...each, weight } : each));
  return withVersions(values, versions);
}

function withVersions(values: WrittenValues, versions: readonly WrittenVersion[]): WrittenValues {
  return { ...values, application: { ...values.application, versions } };
}
