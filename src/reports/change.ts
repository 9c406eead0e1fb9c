/** How much a person who reviews it should mind: `high` is what changes who answers requests. */
export type Risk = 'high' | 'medium' | 'low';

const risks: readonly Risk[] = ['high', 'medium', 'low'];

/** What a change is about; of one risk, they are told in this order. */
const kinds = [
  'release',
  'share',
  'primary',
  'route',
  'match',
  'strategy',
  'environment',
  'name',
  'host',
  'gateway',
  'mirror',
  'version',
  'image',
  'replicas',
  'setting',
  'analysis',
  'rollout',
  'workspace',
] as const;

/** One difference in plain words. */
export interface Change {
  readonly kind: (typeof kinds)[number];
  readonly risk: Risk;
  /** The version that it is about; absent where it is about the release. */
  readonly version?: string;
  /** One line, such as `candidate reviews-v2: 20 % → 40 %`. */
  readonly text: string;
}

/** Returns the changes with what a reviewer should see first at the front; equals stay in their order. */
export function byRisk(changes: readonly Change[]): Change[] {
  const rank = ({ risk, kind }: Change) => risks.indexOf(risk) * kinds.length + kinds.indexOf(kind);
  return changes.toSorted((a, b) => rank(a) - rank(b));
}
