import * as z from 'zod';
import { hash } from '../evaluate/identity.js';
import type { UntoldMove } from '../gitops/untold-moves.js';

/** The part of a line of the ledger that a history tells. */
const Line = z.object({
  iteration: z.int(),
  decision: z.string().optional(),
  verdict: z.string().optional(),
  sentence: z.string().optional(),
});

/** What a decision says of itself where its trailers do not. */
export interface UntoldDecision {
  readonly iteration: number;
  readonly decision?: string;
  readonly verdict?: string;
  readonly evidence?: string;
  readonly reason?: string;
}

/**
 * Returns the decision that a commit brought though its message lost the trailers, as a squash does: its status goes one
 * iteration on, as a person never has it. Undefined where it is none.
 */
export function untoldDecision({ from, to, evidence }: UntoldMove): UntoldDecision | undefined {
  if (to !== from + 1) return undefined;
  const line = lineOf(evidence);
  if (evidence === undefined || line?.iteration !== to) return { iteration: to };
  const { decision, verdict, sentence } = line;
  return {
    iteration: to,
    evidence: hash(evidence),
    ...(decision !== undefined && { decision }),
    ...(verdict !== undefined && { verdict }),
    ...(sentence !== undefined && { reason: sentence }),
  };
}

function lineOf(evidence: string | undefined): z.infer<typeof Line> | undefined {
  try {
    return Line.safeParse(JSON.parse(evidence ?? '')).data;
  } catch {
    return undefined;
  }
}

/** Returns the request that a commit is the merge of, as servers write it behind the subject or into the body. */
export function requestIn({ subject, body }: { readonly subject: string; readonly body: string }): string | undefined {
  return /\(([#!]\d{1,9})\)$/.exec(subject.trim())?.[1] ?? /^See merge request \S*?(!\d{1,9})$/m.exec(body)?.[1];
}
