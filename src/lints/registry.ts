import { changedCandidate } from './changed-candidate.js';
import { changedPrimary } from './changed-primary.js';
import { coarseBuckets } from './coarse-buckets.js';
import { editedPrimary } from './edited-primary.js';
import type { Lint } from './lint.js';
import { mutableTag } from './mutable-tag.js';
import { mutatingMirror } from './mutating-mirror.js';
import { noMetrics } from './no-metrics.js';
import { noReadinessProbe } from './no-readiness-probe.js';
import { notice } from './notice.js';
import { overload } from './overload.js';
import { routedEntry } from './routed-entry.js';
import { sameAsPrimary } from './same-as-primary.js';
import { suddenLeave } from './sudden-leave.js';
import { tooFewReplicas } from './too-few-replicas.js';
import { unjudgedMetric } from './unjudged-metric.js';
import { unknownMetric } from './unknown-metric.js';
import { unusedWeight } from './unused-weight.js';
import { unwatchedPromotion } from './unwatched-promotion.js';

/** Every lint by its id; adding one is a file, a line here, a section of docs/lints.md and a test. */
export const lints = {
  'changed-candidate': changedCandidate,
  'changed-primary': changedPrimary,
  'coarse-buckets': coarseBuckets,
  'edited-primary': editedPrimary,
  'mutable-tag': mutableTag,
  'mutating-mirror': mutatingMirror,
  'no-metrics': noMetrics,
  'no-readiness-probe': noReadinessProbe,
  notice,
  overload,
  'routed-entry': routedEntry,
  'same-as-primary': sameAsPrimary,
  'sudden-leave': suddenLeave,
  'too-few-replicas': tooFewReplicas,
  'unjudged-metric': unjudgedMetric,
  'unknown-metric': unknownMetric,
  'unused-weight': unusedWeight,
  'unwatched-promotion': unwatchedPromotion,
} as const satisfies Record<string, Lint>;
