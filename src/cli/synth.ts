import { resolve } from 'node:path';
import { ConfigError, isSluiceError, type Problem } from '../errors.js';
import { notCheckedOut } from '../gitops/not-checked-out.js';
import type { FileChange } from '../release/file-change.js';
import { manifestsOf } from '../synth/manifests.js';
import { foreignFile, inventoryOf, planRendered } from '../synth/rendered.js';
import { toYamlStream } from '../synth/yaml-writer.js';
import { filesOf, folderIn } from './folder-at.js';
import { exitCodes, type Io } from './io.js';
import { withLeftOut } from './left-out.js';
import { reportError, reportNotices } from './report-error.js';
import { renderables } from './stale.js';
import { type SynthOptions, synthFile } from './synth-file.js';
import { openWorkspace, type ReleaseEntry, readReleases, type Workspace } from './workspace.js';
import { writeFiles } from './write-files.js';

/** Prints the manifests of one values file, or writes those of every release of the workspace. */
export async function synth(options: SynthOptions, io: Io): Promise<number> {
  if (options.file !== undefined) return synthFile({ ...options, file: options.file }, io);
  if (options.name !== undefined || options.namespace !== undefined) {
    throw new ConfigError('Cannot use --name or --namespace as given: they belong to --file', {
      code: 'cli/arguments',
      hint: 'Every release of the workspace is rendered, under its own name; add -f values.yaml for one file.',
    });
  }
  // The cdk8s command line hands its output folder over in this variable.
  const outdir = process.env.CDK8S_OUTDIR;
  return outdir === undefined ? synthWorkspace(io) : synthForCdk8s(io, outdir);
}

async function synthWorkspace(io: Io): Promise<number> {
  const workspace = await withLeftOut(openWorkspace(io.cwd));
  const entries = readReleases(workspace);
  const rendered = kept(
    workspace,
    await (workspace.project.render === 'helm' ? charts : manifests)(workspace, entries),
  );
  const { folder, changes } = rendered;
  await writeFiles(workspace.root, changes);
  for (const { path, content } of changes) io.stderr.write(`${content === null ? 'removed' : 'wrote'} ${path}\n`);
  const releases = `${entries.length} ${entries.length === 1 ? 'release' : 'releases'}`;
  io.stderr.write(`${releases} in ${folder}/, ${changes.length} ${changes.length === 1 ? 'file' : 'files'} changed\n`);
  return reportOn(entries, io, rendered);
}

/** What a workspace renders, and where to. */
interface Rendered {
  readonly folder: string;
  readonly changes: readonly FileChange[];
  /** What comes of rendering in this way alone. */
  readonly notices?: readonly Problem[];
  /** Why some releases, whose values are right, were not rendered; nothing of theirs is among the changes. */
  readonly failures?: readonly Error[];
}

/** Writes nothing outside of a sparse checkout: a file there is in nobody's way, and nobody would see it. */
function kept({ leftOut }: Workspace, rendered: Rendered): Rendered {
  const unseen = rendered.changes.filter(({ path }) => leftOut?.has(path));
  return {
    ...rendered,
    changes: rendered.changes.filter((change) => !unseen.includes(change)),
    failures: [...(rendered.failures ?? []), ...unseen.map(({ path }) => notCheckedOut(path))],
  };
}

async function manifests(workspace: Workspace, entries: readonly ReleaseEntry[]): Promise<Rendered> {
  const folder = folderIn(workspace, workspace.project.rendered);
  const { manifests, listed, foreign } = planRendered(renderables(workspace, entries), folder);
  const inventory = inventoryOf(folder, listed);
  const changes = inventory === undefined ? manifests : [...manifests, inventory];
  return { folder: folder.path, changes, failures: foreign.map(({ path }) => foreignFile(path)) };
}

async function charts(workspace: Workspace, entries: readonly ReleaseEntry[]): Promise<Rendered> {
  const { staleCharts } = await import('./charts.js');
  const { lostNulls } = await import('../values/lost-nulls.js');
  const failures: Error[] = [];
  const changes = staleCharts(workspace, entries, () => true).flatMap(({ plan }) => {
    try {
      return plan(filesOf(workspace)).changes;
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      failures.push(error);
      return [];
    }
  });
  const notices = entries.flatMap(({ loaded }) => (loaded instanceof ConfigError ? [] : lostNulls(loaded)));
  return { folder: workspace.project.releases, changes, notices, failures };
}

async function synthForCdk8s(io: Io, outdir: string): Promise<number> {
  const entries = readReleases(openWorkspace(io.cwd));
  const changes = entries.flatMap(({ id, loaded }) =>
    loaded instanceof ConfigError
      ? []
      : [{ path: `${id.replaceAll('/', '.')}.k8s.yaml`, content: toYamlStream(manifestsOf(loaded.release)) }],
  );
  await writeFiles(resolve(outdir), changes);
  return reportOn(entries, io);
}

/** Writes what is broken and what has no effect, and returns the exit code. */
function reportOn(
  entries: readonly ReleaseEntry[],
  io: Io,
  further: Pick<Rendered, 'notices' | 'failures'> = {},
): number {
  const unusable = entries.flatMap(({ loaded }) => (loaded instanceof ConfigError ? [loaded] : []));
  const broken = [...unusable, ...(further.failures ?? [])];
  for (const error of broken) reportError(error, io.stderr);
  const notices = entries.flatMap(({ loaded }) => (loaded instanceof ConfigError ? [] : loaded.notices));
  reportNotices([...notices, ...(further.notices ?? [])], io.stderr);
  return broken.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}
