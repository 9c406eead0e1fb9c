import * as z from 'zod';
import { defaultNamespace } from '../release/model.js';
import type { Freeze, Schedule } from '../release/policy.js';
import { checkShape } from './check-shape.js';
import { DnsLabel } from './dns-label.js';
import { AnalysesFile, configFilesOf, sharedAnalyses } from './project/analyses.js';
import type { ReadBeside } from './project/canary-layer.js';
import { FreezeFile } from './project/freeze.js';
import { defaultGit, GitFile, type GitSettings } from './project/git.js';
import { knownMetrics } from './project/known-metrics.js';
import { type MetricsSettings, metricsSchema, metricsSettings } from './project/metrics.js';
import { type NotificationSettings, NotificationsFile, notificationSettings } from './project/notifications.js';
import { pullRequestSettings } from './project/pull-requests.js';
import { withWrittenOn } from './project/written-on.js';
import { ScheduleFile, scheduleOf } from './schedule.js';
import type { SharedAnalyses } from './shared-analysis.js';
import { parseSourceText } from './source-text.js';

const Folder = z
  .string()
  .min(1)
  .refine((path) => isInside(path), { error: 'leaves the repository: give a folder below it, such as releases' });

const renderings = ['manifests', 'helm'] as const;

/** What Git holds of a release beside its values: the manifests, or the chart that makes them. */
export type Rendering = (typeof renderings)[number];

/** Returns whether a word names a rendering. */
export function isRendering(word: unknown): word is Rendering {
  return renderings.some((each) => each === word);
}

const ProjectFile = z.strictObject({
  namespace: DnsLabel.optional(),
  releases: Folder.optional(),
  render: z.enum(renderings).optional(),
  rendered: Folder.optional(),
  git: GitFile.optional(),
  freeze: FreezeFile.optional(),
  schedule: ScheduleFile.optional(),
  notifications: NotificationsFile.optional(),
  analyses: AnalysesFile.optional(),
});

/** The settings of a repository: `sluice.yaml`, with every default resolved. */
export interface Project {
  /** For releases that name none; default `default`. */
  readonly namespace: string;
  /** The folder of the values files; default `releases`. */
  readonly releases: string;
  /** Default `manifests`; with `helm` the folder of a release is a chart. */
  readonly render: Rendering;
  /** The folder of the manifests, unless charts are rendered; default `rendered`. */
  readonly rendered: string;
  readonly metrics: MetricsSettings | undefined;
  /** What releases use by name; default none. Undefined where nobody knows, since sluice.yaml is broken. */
  readonly analyses: SharedAnalyses | undefined;
  /** The canary configs that those are made of, as paths from the folder of sluice.yaml. */
  readonly canaryConfigs: readonly string[];
  readonly git: GitSettings;
  /** It may be over. */
  readonly freeze: Freeze | undefined;
  /** When nothing advances, whatever the release. */
  readonly schedule: Schedule | undefined;
  /** Who is told of what a pass did; default nobody. */
  readonly notifications: readonly NotificationSettings[];
}

/** The settings of a repository without a `sluice.yaml`. */
export const defaultProject: Project = {
  namespace: defaultNamespace,
  releases: 'releases',
  render: 'manifests',
  rendered: 'rendered',
  metrics: undefined,
  analyses: {},
  canaryConfigs: [],
  git: defaultGit,
  notifications: [],
  freeze: undefined,
  schedule: undefined,
};

/**
 * Reads the text of `sluice.yaml`.
 *
 * @param read reads the canary configs that it names; without it they are not looked at, and their analyses lack them
 * @throws ConfigError with every problem at once
 */
export function loadProject(text: string, file: string, read?: ReadBeside): Project {
  const source = withWrittenOn(parseSourceText(text, file));
  const schema = ProjectFile.extend({ metrics: metricsSchema(metricsIn(source.data)).optional() });
  const { metrics: metricsFile, analyses, git, schedule, notifications = [], ...rest } = checkShape(source, schema);
  const metrics = metricsFile && metricsSettings(metricsFile);
  return {
    ...defaultProject,
    ...rest,
    metrics,
    analyses: sharedAnalyses(source, analyses, { read, known: knownMetrics(metrics, read) }),
    canaryConfigs: configFilesOf(analyses),
    schedule: schedule && scheduleOf(schedule),
    notifications: notificationSettings(notifications),
    git: { ...defaultGit, ...git, pullRequests: git?.pullRequests && pullRequestSettings(git.pullRequests) },
  };
}

function metricsIn(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'metrics' in data ? data.metrics : undefined;
}

/**
 * Returns whether a path with forward slashes stays below the folder that it is relative to, and is not that folder.
 * What lies in a folder of git's is no part of the repository.
 */
export function isInside(path: string): boolean {
  const parts = path.split('/');
  return !path.includes('\\') && parts.every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()));
}
