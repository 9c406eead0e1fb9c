import type { Manifest } from '../../src/release/model.js';
import type { HttpRequest } from './matches.js';

/** A request at the door, and the host that it names. */
export interface Entrance {
  readonly host: string;
  readonly request: HttpRequest;
}

/** A part of the requests, and where and how it arrives. */
export interface Arrival {
  /** A Service with its port and, for a subset, its labels; or the Host of a predictor; or ModelMesh and a model. */
  readonly target: string;
  readonly path: string;
  readonly percent: number;
  /** The header `app-version` of the answer. */
  readonly header: string | undefined;
}

export interface Arrivals {
  readonly answers: readonly Arrival[];
  readonly copies: readonly Arrival[];
}

export interface Fields {
  readonly [key: string]: unknown;
}

/** Returns the specs of the objects of a kind. */
export function specsOf<Spec>(objects: readonly Manifest[], kind: string): Spec[] {
  return objects.filter((each) => each.kind === kind).map(({ spec }) => spec as unknown as Spec);
}

/** Returns which of two ranks is the higher: the first number that differs decides. */
export function compare(one: readonly number[], other: readonly number[]): number {
  return one.map((each, i) => each - (other[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
