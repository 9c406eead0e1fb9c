import * as z from 'zod';
import { defaultNamespace } from '../release/model.js';
import { istioBuckets } from '../sources/istio-buckets.js';
import { type SourceId, sources } from '../sources/registry.js';
import { checkShape } from './check-shape.js';
import { DnsLabel } from './dns-label.js';
import { Duration, seconds } from './duration.js';
import { type Freeze, FreezeFile } from './project/freeze.js';
import { defaultGit, GitFile, type GitSettings } from './project/git.js';
import { type NotificationSettings, NotificationsFile, notificationSettings } from './project/notifications.js';
import { pullRequestSettings } from './project/pull-requests.js';
import { withWrittenOn } from './project/written-on.js';
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

const Buckets = z
  .array(z.number().positive())
  .min(1)
  .refine((bounds) => bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? bound)), {
    error: 'does not rise: give the bounds in milliseconds from the lowest up, such as [100, 200, 300, 500, 1000]',
  });

const ProjectFile = z.strictObject({
  namespace: DnsLabel.optional(),
  releases: Folder.optional(),
  render: z.enum(renderings).optional(),
  rendered: Folder.optional(),
  metrics: z
    .strictObject({
      source: z.enum(Object.keys(sources) as [SourceId]),
      url: z.url({
        protocol: /^https?$/,
        error: 'is no http or https URL: write it as http://prometheus.monitoring:9090',
      }),
      timeout: Duration.optional(),
      delay: Duration.optional(),
      buckets: Buckets.optional(),
    })
    .optional(),
  git: GitFile.optional(),
  freeze: FreezeFile.optional(),
  notifications: NotificationsFile.optional(),
});

/** Where traffic is read from. */
export interface MetricsSettings {
  readonly source: SourceId;
  readonly url: string;
  /** Seconds after which a query counts as failed; default 10. */
  readonly timeout: number;
  /** Seconds after its end until a window counts as complete; default 5. */
  readonly delay: number;
  /** The bounds in milliseconds by which durations are counted; default those of Istio's proxies. */
  readonly buckets: readonly number[];
}

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
  readonly git: GitSettings;
  /** It may be over. */
  readonly freeze: Freeze | undefined;
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
  git: defaultGit,
  notifications: [],
  freeze: undefined,
};

/**
 * Reads the text of `sluice.yaml`.
 *
 * @throws ConfigError with every problem at once
 */
export function loadProject(text: string, file: string): Project {
  const {
    metrics,
    git,
    notifications = [],
    ...rest
  } = checkShape(withWrittenOn(parseSourceText(text, file)), ProjectFile);
  return {
    ...defaultProject,
    ...rest,
    metrics: metrics && {
      ...metrics,
      timeout: metrics.timeout === undefined ? 10 : seconds(metrics.timeout),
      delay: metrics.delay === undefined ? 5 : seconds(metrics.delay),
      buckets: metrics.buckets ?? istioBuckets,
    },
    notifications: notificationSettings(notifications),
    git: { ...defaultGit, ...git, pullRequests: git?.pullRequests && pullRequestSettings(git.pullRequests) },
  };
}

/**
 * Returns whether a path with forward slashes stays below the folder that it is relative to, and is not that folder.
 * What lies in a folder of git's is no part of the repository.
 */
export function isInside(path: string): boolean {
  const parts = path.split('/');
  return !path.includes('\\') && parts.every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()));
}
