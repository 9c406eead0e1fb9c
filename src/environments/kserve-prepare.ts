import type { Prepared } from '../release/environment.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import { copyPlan } from './copy-plan.js';
import { type PredictorNaming, predictionPath, predictorName } from './kserve-predictor.js';
import { splits } from './kserve-serverless.js';
import { textPlan } from './text-paths.js';

/** The port of a predictor's Service in RawDeployment. */
const PREDICTOR_PORT = 80;

/** Returns the versions that a split of the plan reaches, each once. */
export function branchesOf({ rules }: RoutePlan): string[] {
  return [...new Set(rules.filter(splits).flatMap(({ backends }) => backends.map((backend) => backend.version)))];
}

/** Works out the paths of the predictions, and what two hops need to know of all versions together. */
export function prepareServerless(given: ReleaseModel, plan: RoutePlan): Prepared {
  const versions = given.versions.map((version) => {
    return { ...version, model: { ...version.model, predictionPath: predictionPath(given, version) } };
  });
  const release = { ...given, versions };
  const rules = textPlan(plan).rules.map((rule) => ({ ...rule, rewrite: rewriteOf(release, rule) }));
  return { release, plan: { rules, branches: branchesOf(plan), copies: copyPlan(plan) } };
}

/** The branch replaces the prefix / alone, so a path that was matched must not reach it; gRPC replaces nothing. */
function rewriteOf(release: ReleaseModel, rule: RouteRule): string | undefined {
  const paths = rule.backends.map(({ version }) => versionNamed(release, version).model.predictionPath);
  if (!splits(rule)) return paths[0];
  return rule.matches.some(({ path }) => path !== undefined) && !paths.includes(undefined) ? '/' : undefined;
}

/**
 * Returns the release with its requests addressed to the predictors' Services. No backend has a path of its own in the
 * Gateway API, so the client's path arrives as it is: all versions must serve their model under one name, which their
 * runtime gives it.
 */
export function overPredictors(release: ReleaseModel, naming: PredictorNaming): ReleaseModel {
  const versions = release.versions.map((version) => {
    const service = predictorName(version, naming);
    // What a specification or an overlay says of the protocol, the version's port does not know.
    const protocol = predictionPath(release, version) === undefined ? ('grpc' as const) : version.protocol;
    const address = { ...version.address, service, port: PREDICTOR_PORT };
    // What KServe puts before a model speaks HTTP, whatever is said of the version's port.
    return { ...version, protocol, httpProtocol: 'http', address };
  });
  return { ...release, versions };
}
