import type { Settled } from '../../evaluate/status.js';
import type { Sample } from '../../release/evaluation.js';

/** Something that happened, as one line tells it. */
export interface Happening {
  /** Unix seconds on the simulated clock. */
  readonly at: number;
  readonly kind: 'advance' | 'hold' | 'promote' | 'roll back' | 'by hand';
  /** A few words. */
  readonly summary: string;
  /** One sentence; undefined where the summary says it all. */
  readonly reason?: string | undefined;
  /** Undefined where nothing was committed. */
  readonly commit?: string | undefined;
}

/** One version as it does now. */
export interface Row {
  readonly name: string;
  readonly role: 'primary' | 'candidate' | Settled['outcome'];
  /** Percent of the requests, as it is committed. */
  readonly share: number;
  /** Of the last minute; undefined without any request. */
  readonly traffic: Sample | undefined;
  /** Whether more requests fail than the values allow. */
  readonly failing: boolean;
}

/** All that there is to see at one moment. */
export interface Scene {
  readonly title: string;
  /** Unix seconds on the simulated clock. */
  readonly now: number;
  readonly rows: readonly Row[];
  /** Since the title, oldest first. */
  readonly happenings: readonly Happening[];
}

/** Who watches. Each call returns when the story may go on. */
export interface Audience {
  /** Some seconds of traffic have passed. */
  seeTraffic(scene: Scene): Promise<void>;
  /** The newest happening of the scene has just happened. */
  hearNews(scene: Scene): Promise<void>;
}

/** Returns the time of day on the simulated clock, such as `09:41:05`. */
export function timeOfDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}

/** Returns a sentence with its points in time as `timeOfDay` writes them. */
export function withTimesOfDay(sentence: string): string {
  return sentence.replace(/\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(\.\d+)?Z/g, '$1');
}
