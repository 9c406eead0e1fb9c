import type { SampleRequest, Subject } from '../release/evaluation.js';

/** The variables that are names of Kubernetes or of a release: letters, digits, dots and dashes. */
export const names = ['release', 'version', 'environment', 'namespace', 'service', 'workload'] as const;

/** The variables that are whole numbers: seconds, and Unix seconds. */
export const numbers = ['interval', 'start', 'end'] as const;

/** What can be asked of a version by its name. */
export type NameVariable = (typeof names)[number];

/** A variable of a template. */
export type Variable = NameVariable | (typeof numbers)[number];

/** The values of all of them: `start` is where the first window begins, `end` where the last one ends. */
export type Values = Readonly<Record<Variable, string>>;

/** Returns the values for a version in these windows. */
export function valuesOf(
  subject: Subject,
  { interval, firstEnd, lastEnd }: Pick<SampleRequest, 'interval' | 'firstEnd' | 'lastEnd'>,
): Values {
  const { release, version, environment, namespace, service, workload } = subject;
  const time = { interval: `${interval}`, start: `${firstEnd - interval}`, end: `${lastEnd}` };
  return { release, version, environment, namespace, service, workload, ...time };
}

/** Whether a variable is a number, which can stand anywhere. */
export function isNumber(variable: string): boolean {
  return numbers.some((each) => each === variable);
}

/** A variable in a template. */
export interface Slot {
  readonly name: string;
  /** Where its braces begin. */
  readonly at: number;
}

/** Returns the variables of a template in their order, known or not. */
export function slotsOf(template: string): Slot[] {
  return [...template.matchAll(pattern)].map(({ 1: name = '', index }) => ({ name, at: index }));
}

/** Returns what is wrong with the braces of a template: a variable that is not there, or a pair that is none. */
export function slotFault(template: string): string | undefined {
  const known: readonly string[] = [...names, ...numbers];
  const unknown = slotsOf(template).find(({ name }) => !known.includes(name));
  const all = known.map((name) => `{{${name}}}`).join(', ');
  if (unknown !== undefined) return `has no variable ${unknown.name.trim() || '{{}}'}: use ${all}`;
  return /\{\{|\}\}/.test(template.replace(pattern, '')) ? `has braces that are no variable: use ${all}` : undefined;
}

/** Returns the template with each variable as `write` gives it. */
export function filled(template: string, write: (name: Variable, at: number) => string): string {
  return template.replace(pattern, (_, name: Variable, at: number) => write(name, at));
}

/** Blanks in it are no part of its name; a name is none over several lines. */
const pattern = /\{\{ *([^{}\n]*?) *\}\}/g;
