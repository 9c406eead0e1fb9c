import * as z from 'zod';
import { sources } from '../sources/registry.js';
import { checkShape } from './check-shape.js';
import { durationPattern, seconds } from './duration.js';
import { parseSourceText } from './source-text.js';

const Folder = z
  .string()
  .min(1)
  .refine((path) => isInside(path), { error: 'leaves the repository: give a folder below it, such as releases' });

const Duration = z.string().min(2).regex(durationPattern, 'is no duration: write it as 5s, 2m or 1h');

const ProjectFile = z.strictObject({
  namespace: z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'is no DNS label')
    .optional(),
  releases: Folder.optional(),
  rendered: Folder.optional(),
  metrics: z
    .strictObject({
      source: z.enum(Object.keys(sources) as [keyof typeof sources]),
      url: z.url({ protocol: /^https?$/, error: 'is no http or https URL' }),
      timeout: Duration.optional(),
      delay: Duration.optional(),
    })
    .optional(),
});

/** Where traffic is read from. */
export interface MetricsSettings {
  readonly source: keyof typeof sources;
  readonly url: string;
  /** Seconds after which a query counts as failed; default 10. */
  readonly timeout: number;
  /** Seconds after its end until a window counts as complete; default 5. */
  readonly delay: number;
}

/** The settings of a repository: `sluice.yaml`, with every default resolved. */
export interface Project {
  /** For releases that name none; default `default`. */
  readonly namespace: string;
  /** The folder of the values files; default `releases`. */
  readonly releases: string;
  /** The folder of the manifests; default `rendered`. */
  readonly rendered: string;
  readonly metrics: MetricsSettings | undefined;
}

/** The settings of a repository without a `sluice.yaml`. */
export const defaultProject: Project = {
  namespace: 'default',
  releases: 'releases',
  rendered: 'rendered',
  metrics: undefined,
};

/**
 * Reads the text of `sluice.yaml`.
 *
 * @throws ConfigError with every problem at once
 */
export function loadProject(text: string, file: string): Project {
  const { metrics, ...rest } = checkShape(parseSourceText(text, file), ProjectFile);
  return {
    ...defaultProject,
    ...rest,
    metrics: metrics && {
      ...metrics,
      timeout: metrics.timeout === undefined ? 10 : seconds(metrics.timeout),
      delay: metrics.delay === undefined ? 5 : seconds(metrics.delay),
    },
  };
}

/** Returns whether a path with forward slashes stays below the folder that it is relative to, and is not that folder. */
export function isInside(path: string): boolean {
  const parts = path.split('/');
  return (
    !path.startsWith('/') && !path.includes('\\') && parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
