import type { Problem } from '../errors.js';
import type { Contradiction } from '../release/contradiction.js';
import type { LoadedValues } from '../values/load.js';
import type { Project } from '../values/project.js';

/** How much a finding matters: only an `error` has to be mended before a merge. */
export type Severity = 'error' | 'warning' | 'info';

/** Something that was found in a file, with a stable code such as `lint/mutable-tag`. */
export interface Finding extends Problem {
  readonly severity: Severity;
  readonly code: string;
}

/** What is known of a release when it is linted. */
export interface LintInput {
  readonly loaded: LoadedValues;
  /** The settings of its workspace; absent for a file outside of one. */
  readonly project?: Project | undefined;
  /** How the release was before; absent where nothing is compared. */
  readonly comparison?: Comparison | undefined;
}

/** The other side of a comparison. */
export interface Comparison {
  /** Undefined for a release that is new. */
  readonly before: LoadedValues | undefined;
}

/** Finds one kind of values that can be used and are seldom meant; pure. */
export interface Lint {
  /** The code behind `lint/`, and what a comment that allows it says. */
  readonly id: string;
  readonly severity: Severity;
  /** Without it, it is left out and what allows it is not called unused. */
  readonly needs?: 'project' | 'comparison';
  find(input: LintInput): readonly Contradiction[];
}
