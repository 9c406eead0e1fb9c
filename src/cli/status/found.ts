import type { Report, VersionReport } from '../../evaluate/status.js';
import { oneLine } from '../../gitops/one-line.js';

/** What the judge found of one version. */
export type VersionFinding = Partial<Pick<VersionReport, 'outcome' | 'winProbability' | 'indicators' | 'assessments'>>;

/** Returns what was found of a version; nothing where it was not looked at. */
export function findingOf({ versions = [] }: Report, name: string): VersionFinding {
  const report = versions.find((each) => each.name === name);
  if (report === undefined) return {};
  const { outcome, winProbability, indicators, assessments } = report;
  return {
    ...(outcome !== undefined && { outcome: oneLine(outcome) }),
    ...(winProbability !== undefined && { winProbability }),
    ...(indicators !== undefined && { indicators }),
    ...(assessments !== undefined && { assessments }),
  };
}

/** Returns what was found on the whole of a release. */
export function wholeOf({ type, winner, conditions, updatedAt, endedAt }: Report): Omit<Report, 'versions'> {
  return {
    ...(type !== undefined && { type }),
    ...(winner && { winner: { ...winner, currentBest: oneLine(winner.currentBest) } }),
    ...(conditions && {
      conditions: conditions.map((each) => ({
        ...each,
        reason: oneLine(each.reason),
        message: oneLine(each.message),
      })),
    }),
    ...(updatedAt !== undefined && { updatedAt }),
    ...(endedAt !== undefined && { endedAt }),
  };
}
