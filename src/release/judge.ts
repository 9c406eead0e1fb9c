import type { output, ZodType } from 'zod';
import type { Contradiction } from './contradiction.js';
import type { Analysis, JudgeSettings, Ledger, Lookback, Objective, Reward } from './evaluation.js';

/** How one metric of a candidate compares with what is asked of it. */
export type Classification = 'pass' | 'high' | 'low' | 'nodata' | 'error';

/** What is concluded: `marginal` is neither good nor bad, `inconclusive` is not known yet. */
export type Outcome = 'pass' | 'marginal' | 'fail' | 'inconclusive';

/** One objective as it was found, with the numbers behind it. */
export interface Assessment {
  readonly metric: string;
  readonly classification: Classification;
  /** The candidate's value, in the unit of the metric. */
  readonly value: number | undefined;
  /** The baseline's value. */
  readonly baseline: number | undefined;
  /** The limit that decided, in the unit of the metric. */
  readonly limit: number | undefined;
  /** What the buckets of a percentile tell in place of the limit; undefined where they tell the limit itself. */
  readonly resolved?: Resolved | undefined;
  /** Candidate / baseline and candidate − baseline, each from and to, at 95 %. */
  readonly ratio?: Interval | undefined;
  readonly difference?: Interval | undefined;
  /** Natural logarithms of the evidence that the candidate is worse, and that it is not. */
  readonly harm?: number | undefined;
  readonly nonInferiority?: number | undefined;
  /** How probable it is that the objective is kept, from 0 to 1. */
  readonly probability?: number | undefined;
}

/** The limit that requests were counted by, where no bucket ends at the one that is asked for. */
export interface Resolved {
  /** In milliseconds; undefined where every bucket ends on the other side. */
  readonly limit: number | undefined;
  /** How many times the bound that the baseline is counted by; undefined for an absolute limit. */
  readonly ratio: number | undefined;
}

/** From and to; either end may be infinite. */
export type Interval = readonly [number, number];

/** Where one candidate stands. */
export interface Standing {
  readonly version: string;
  readonly outcome: Outcome;
  /** What was compared, how sure that is, and what is missing. */
  readonly sentence: string;
  /** In the order of the objectives. */
  readonly assessments: readonly Assessment[];
  /** Undefined where the judge does not count what a candidate does harm. */
  readonly exposure?: Exposure | undefined;
}

/** What a candidate has cost so far, and what it may cost yet. */
export interface Exposure {
  /** Bad events beyond those that the baseline would have had, from 0. */
  readonly excess: number;
  /** The share of the candidate's requests that may be bad beyond the baseline's, as far as is not excluded; 0 to 1. */
  readonly atMost: number;
  /** How long a candidate as good as the baseline takes to pass; undefined where that cannot be told. */
  readonly pace?: Pace | undefined;
}

/** Windows from the first until a candidate as good as the baseline is expected to pass; infinite where it never is. */
export interface Pace {
  /** With as many requests in each as in the newest. */
  readonly now: number;
  /** Were it given twice as many. */
  readonly doubled: number;
}

/** The judgement on all candidates; evidence, not yet a decision. */
export interface Verdict {
  /** `pass` as soon as there is a winner, `fail` when every candidate failed. */
  readonly outcome: Outcome;
  /** One sentence: what was compared, and what is missing. */
  readonly sentence: string;
  /** Where each candidate stands, in their order. */
  readonly standings: readonly Standing[];
  /** The best version: with `pass` the candidate to promote, else at most the baseline, where it is known to be better. */
  readonly winner: string | undefined;
  /**
   * How probable it is, by version name, that it is the best, one of the two best, and so on up to all of them; the
   * baseline included. Undefined where the judge gives no probabilities.
   */
  readonly ranks?: { readonly [version: string]: readonly number[] } | undefined;
}

/** What was seen of the baseline before a candidate entered. */
export interface History {
  /**
   * How much more counts spread than independent requests would, from 0, by metric: `error-rate` and percentiles; see
   * stats/overdispersion. What is not here is assumed.
   */
  readonly overdispersion?: { readonly [metric: string]: number } | undefined;
  /** The bounds that percentiles are compared by, in milliseconds, by metric. */
  readonly bounds?: { readonly [metric: string]: number } | undefined;
  /** How much means and gauges differ by chance; see stats/mean-history. By metric. */
  readonly spread?: { readonly [metric: string]: { readonly squares: number; readonly intervals: number } } | undefined;
  /** The lag-1 autocorrelation of gauges and one standard error, from 0 to 1, by metric; see stats/lag-one-autocorrelation. */
  readonly autocorrelation?: { readonly [metric: string]: number } | undefined;
}

/** The shares that the route declares. */
export interface Declared {
  /** Since when, in Unix seconds. */
  readonly since: number;
  /** Percents by version name. */
  readonly shares: { readonly [version: string]: number };
}

/** What a judge looks at. */
export interface JudgeInput {
  readonly ledger: Ledger;
  /** Version names, as in the ledger. */
  readonly baseline: string;
  /** At least one. */
  readonly candidates: readonly string[];
  readonly objectives: readonly Objective[];
  readonly rewards: readonly Reward[];
  readonly minRequests: number;
  /**
   * Whether the versions get requests of one kind. In a canary by match they do not: testers are no sample of
   * everybody, and the baseline tells nothing of what a candidate should do.
   */
  readonly comparable: boolean;
  /** Undefined where the route declares no shares. */
  readonly declared?: Declared | undefined;
  readonly history?: History | undefined;
  readonly settings: JudgeSettings;
  /** For a judge that reads it; see `Judge.lookback`. */
  readonly lookback?: Lookback | undefined;
  /** When the time of the analysis was up, in Unix seconds: what is left until then is judged now. Undefined before. */
  readonly due?: number | undefined;
  /**
   * Whether only what a decision rests on is wanted: a judge may leave out intervals and forecasts, which take most of its
   * time. The outcomes, the winner, the exposure and the classifications are the same.
   *
   * @default false
   */
  readonly brief?: boolean | undefined;
}

/** Why a judge does not take an objective. */
export interface Refusal {
  /** The end of a sentence that begins with the objective. */
  readonly message: string;
  readonly hint: string;
}

/** What can be asked of a judge. Every command loads this, and only those that judge what it judges with. */
export interface Judge {
  readonly id: string;
  /** The windows that it judges: all since the candidate entered, or those since it got its present share. */
  readonly windows: 'analysis' | 'share';
  /** Returns why it cannot judge by an objective; undefined where it can. */
  refuses(objective: Objective, options: { readonly comparable: boolean }): Refusal | undefined;
  /**
   * What a lookback of so many seconds means to it: it is given those windows alone (`last`), or it is given all and goes
   * back by itself from its own looks (`own`). Undefined where it takes none, since what it says holds for all windows
   * together.
   *
   * @default - it takes none
   */
  readonly lookback?: 'last' | 'own';
  /**
   * Returns how many windows it waits for between its looks. Of an analysis that is too long to be read whole, so many are
   * left out at once, so that it looks when it would have.
   *
   * @default - it looks at every window
   */
  looksEvery?(settings: JudgeSettings): number;
  /**
   * Whether rewards change its verdict; where they do not, they are refused.
   *
   * @default false
   */
  readonly readsRewards?: boolean;
  /**
   * Whether its verdict depends on the history; where it does not, nobody reads one.
   *
   * @default false
   */
  readonly readsHistory?: boolean;
  /** Returns what of its own settings has no effect or can never be; paths begin at the analysis. */
  contradictions?(analysis: Analysis): readonly Contradiction[];
  /** Loads what judges. */
  load(): Promise<GiveVerdict>;
  /** Loads what answers single cases, as `sluice judge` asks them; undefined where it cannot. */
  loadCase?(): Promise<AnswerCase>;
}

/** Turns evidence into a verdict; pure. */
export type GiveVerdict = (input: JudgeInput) => Verdict;

/**
 * Answers one case.
 *
 * @throws ConfigError where the case is none
 */
export type AnswerCase = (check: CheckCase) => CaseAnswer;

/**
 * Returns the case in the shape of a schema.
 *
 * @throws ConfigError with every problem at once
 */
export type CheckCase = <Schema extends ZodType>(schema: Schema) => output<Schema>;

/** What a judge answers to one case. */
export interface CaseAnswer {
  /** For programs. Numbers that are infinite or none become null. */
  readonly json: { readonly [key: string]: unknown };
  /** For people: one sentence, and the numbers behind it in rows, of which the first one names the columns. */
  readonly sentence: string;
  readonly table: readonly (readonly string[])[];
  /** Undefined where numbers were asked for, and no judgement. */
  readonly outcome?: Outcome | undefined;
  /** What of the case has no effect. */
  readonly remarks?: readonly string[] | undefined;
}
