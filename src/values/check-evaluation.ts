import { type PolicyId, policies } from '../policies/registry.js';
import type { Contradiction } from '../release/contradiction.js';
import { candidatesOf, type ReleaseModel } from '../release/model.js';
import { policySettings, type Rollout, type Shares } from '../release/policy.js';
import { promotedBeside } from '../release/promoted-beside.js';
import { primaryBySplit } from '../release/split-primary.js';
import type { Allocation } from '../release/strategy.js';
import { checkBaseline } from './check-baseline.js';
import { checkDurations } from './check-durations.js';
import { checkJudging } from './check-judging.js';
import { judgeSettings } from './evaluation-values.js';
import type { ResolvedRelease } from './resolve.js';
import { formatPath } from './source-text.js';
import type { Values } from './values.js';

/**
 * Returns the shares that the environment cannot carry out, such as 5 % of three pods: better said now than when the
 * evaluator gets there.
 */
export function checkReachable(release: ResolvedRelease): Contradiction[] {
  const { model, rollout } = release;
  const candidate = candidatesOf(model)[0]?.name;
  if (candidate === undefined || rollout === undefined) return [];
  if (rollout.steps.length === 0) return checkChosen(release, candidate, rollout);
  return rollout.steps.flatMap(({ share: step }, position): Contradiction[] => {
    const refused = refusedAt(release, candidate, step);
    if (refused === undefined) return [];
    const message = `is ${step}, at which ${refused.what}`;
    return [{ path: ['rollout', 'steps', position], message, hint: refused.hint }];
  });
}

/** Of the shares that a policy may choose, the smallest that cannot be; only pods make some of them impossible. */
function checkChosen(release: ResolvedRelease, candidate: string, rollout: Rollout): Contradiction[] {
  if (!release.environment.supports.includes('replicas')) return [];
  // The evaluator moves one candidate at a time.
  for (const chosen of policies[rollout.policy as PolicyId].reaches(rollout, 1)) {
    const refused = refusedAt(release, candidate, chosen);
    if (refused === undefined) continue;
    const message = `is ${rollout.policy}, which may choose ${chosen} %, at which ${refused.what}`;
    const hint = `${refused.hint} Or choose the policy steps, with shares that the pods can make.`;
    return [{ path: ['rollout', 'policy'], message, hint }];
  }
  return [];
}

function refusedAt(
  { model, strategy, environment }: ResolvedRelease,
  candidate: string,
  share: number,
): { readonly what: string; readonly hint: string } | undefined {
  const exposed = exposedTo(model, strategy.expose(model, { [candidate]: share }));
  const [refused] = environment.refuses(exposed, strategy.plan(exposed));
  return refused && { what: `${formatPath(refused.path)} ${refused.message}`, hint: refused.hint };
}

function exposedTo(model: ReleaseModel, { versions }: Allocation): ReleaseModel {
  return { ...model, versions: model.versions.map((version) => ({ ...version, ...versions[version.name] })) };
}

/** Returns what in the analysis and the rollout contradicts the rest of the values. */
export function checkEvaluation(values: Values, release: ResolvedRelease): Contradiction[] {
  return [
    ...checkPresence(values, release),
    ...checkPrimaryTraffic(values, release),
    ...checkCanary(values, release),
    ...checkSteps(release),
    ...checkEntry(release),
    ...checkSplit(values, release),
    ...checkJudging(release),
    ...checkDurations(values),
    ...checkSettings(values, release),
    ...checkBaseline(values, release),
  ];
}

function checkPresence({ analysis, rollout }: Values, { strategy }: ResolvedRelease): Contradiction[] {
  if (analysis === undefined) {
    if (rollout === undefined) return [];
    const hint = 'Say under analysis what a candidate must keep, or take rollout out.';
    return [{ path: ['rollout'], message: 'stands without analysis', hint }];
  }
  if (strategy.needs !== undefined) return [];
  const message = `is ${strategy.id}, which exposes no candidate, but the values ask for an analysis`;
  return [{ path: ['application', 'strategy'], message, hint: 'Choose blue-green, canary or mirrored.' }];
}

/** A primary without traffic is a slip: an unjudged version on top of the list, or a promotion that is half done. */
function checkPrimaryTraffic({ application, analysis }: Values, { model, strategy }: ResolvedRelease): Contradiction[] {
  const position = model.versions.findIndex(({ name }) => name === model.primary);
  const guessed = !application.primary && model.versions.length > 1;
  const idle = application.versions[position]?.weight === 0 && (strategy.needs === 'weight' || guessed);
  if (analysis === undefined || !idle) return [];
  const message = `is 0, but ${model.primary} is the primary${guessed ? ' as the first of the versions' : ''}`;
  const hint = 'Name the primary in application.primary, or give this one its traffic.';
  return [{ path: ['application', 'versions', position, 'weight'], message, hint }];
}

/** A canary is routed or not: the weight that keeps a candidate out elsewhere would let it in here. */
function checkCanary({ application, analysis }: Values, { strategy, rollout }: ResolvedRelease): Contradiction[] {
  if (analysis === undefined || strategy.needs !== 'match') return [];
  const unrouted = application.versions.flatMap(({ weight, routed }, position): Contradiction[] => {
    if (weight !== 0 || typeof routed === 'boolean') return [];
    const message = `is 0, which has no meaning in ${strategy.id}`;
    const hint = 'Write routed: false to keep the version out of the route, or routed: true to let it in.';
    return [{ path: ['application', 'versions', position, 'weight'], message, hint }];
  });
  if (rollout === undefined || rollout.steps.every(({ share: step }) => step === 100)) return unrouted;
  const message = `has shares, but ${strategy.id} sends a request to the candidate by its match or not at all`;
  return [...unrouted, { path: ['rollout', 'steps'], message, hint: 'Write [100].' }];
}

function checkSteps({ rollout, strategy }: ResolvedRelease): Contradiction[] {
  const steps = rollout?.steps ?? [];
  return steps.flatMap(({ share: step }, position): Contradiction[] => {
    const path = ['rollout', 'steps', position];
    const before = steps[position - 1]?.share ?? 0;
    if (step <= before) {
      return [{ path, message: `is ${step}, not above the step before it`, hint: 'Steps rise, such as [5, 20, 50].' }];
    }
    if (step < 100 || strategy.needs !== 'weight') return [];
    const message = 'is 100, which leaves the primary without traffic to compare with';
    return [
      {
        path,
        message,
        hint: 'Leave it out: after the last step the candidate is promoted, and then it gets everything.',
      },
    ];
  });
}

function checkEntry({ rollout, strategy }: ResolvedRelease): Contradiction[] {
  const { entryShare = 0, maxCandidateWeight = 100 } = rollout ?? {};
  if (entryShare > maxCandidateWeight) {
    const message = `is ${entryShare}, above maxCandidateWeight, which is ${maxCandidateWeight}`;
    return [{ path: ['rollout', 'entryShare'], message, hint: 'Write less, or a larger maxCandidateWeight.' }];
  }
  if (entryShare !== 100 || strategy.needs !== 'weight') return [];
  const message = 'is 100, which leaves the primary without traffic to compare with';
  return [{ path: ['rollout', 'entryShare'], message, hint: 'Write less, such as 5.' }];
}

/**
 * A split that a terminated analysis ends with: percents of versions that are there. The primary may be among them, since
 * it may be one that the split has made it: it has what the others leave.
 */
function checkSplit({ rollout }: Values, release: ResolvedRelease): Contradiction[] {
  const { model, strategy } = release;
  const { override } = rollout ?? {};
  const { split } = override ?? {};
  if (split === undefined) return [];
  const path = ['rollout', 'override', 'split'];
  if (override?.action !== 'terminate') {
    const hint = 'Write action: terminate, or take it out.';
    return [{ path, message: `has no effect with the action ${override?.action}`, hint }];
  }
  if (strategy.needs === 'match') {
    const hint = 'Take it out; rollout.onTermination says whether the candidates stay in the route.';
    return [{ path, message: `has shares, but ${strategy.id} sends a request by its match or not at all`, hint }];
  }
  const candidates = candidatesOf(model).map(({ name }) => name);
  const names = [model.primary, ...candidates];
  const unknown = Object.keys(split).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const hint = `The versions are: ${names.join(', ')}; what the candidates leave is the primary's, ${model.primary}.`;
    return unknown.map((name) => ({ path: [...path, name], message: 'is no version', hint }));
  }
  if (strategy.needs !== 'weight') return [];
  const sum = Object.values(split).reduce((total, each) => total + each, 0);
  if (sum <= 100) return checkCarriedOut(release, split, path);
  const hint =
    'Write at most 100 together; where that leaves the primary nothing, who has the most becomes the primary.';
  return [{ path, message: `is ${sum} % together`, hint }];
}

/** Pods cannot make every split. */
function checkCarriedOut(release: ResolvedRelease, split: Shares, path: readonly string[]): Contradiction[] {
  const { model, strategy, environment } = release;
  const candidates = candidatesOf(model).map(({ name }) => name);
  const winner = primaryBySplit(split, candidates);
  const given = Object.entries(split).filter(
    ([name, share]) => candidates.includes(name) && name !== winner && share > 0,
  );
  if (given.length === 0) return [];
  const shares = Object.fromEntries(given);
  const allocation = winner === undefined ? strategy.expose(model, shares) : promotedBeside(release, winner, shares);
  const exposed = { ...exposedTo(model, allocation), primary: allocation.primary };
  const [refused] = environment.refuses(exposed, strategy.plan(exposed));
  if (refused === undefined) return [];
  return [{ path, message: `is one at which ${formatPath(refused.path)} ${refused.message}`, hint: refused.hint }];
}

/** What neither the judge nor the policy reads, and what the policy lacks. */
function checkSettings(values: Values, { analysis, rollout }: ResolvedRelease): Contradiction[] {
  const written = values.rollout ?? {};
  const judge = judgeSettings.filter((id) => values.analysis?.[id] !== undefined && id !== analysis?.judge);
  const policy = rollout && policies[rollout.policy as PolicyId];
  const reads: readonly string[] = policy?.reads ?? [];
  const unread = policySettings.filter((key) => written[key] !== undefined && !reads.includes(key));
  const missing = policy !== undefined && reads.includes('steps') && written.steps === undefined;
  return [
    ...judge.map((id) => ({
      path: ['analysis', id],
      message: `is for the judge ${id}, but the judge is ${analysis?.judge}`,
      hint: `Write judge: ${id}, or take it out.`,
    })),
    ...unread.map((key) => ({
      path: ['rollout', key],
      message: `has no effect with the policy ${policy?.id}`,
      hint: 'Choose a policy that reads it, or take it out.',
    })),
    ...(missing
      ? [
          {
            path: ['rollout'],
            message: `has no steps, which the policy ${policy.id} takes`,
            hint: 'Write steps: [5, 20, 50].',
          },
        ]
      : []),
  ];
}
