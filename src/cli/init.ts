import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import { runGit } from '../gitops/git.js';
import { oneLine } from '../gitops/one-line.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryOf, planRendered } from '../synth/rendered.js';
import { planChart } from '../synth/rendered-chart.js';
import { valuesJsonSchema } from '../values/json-schema.js';
import { type LoadedValues, loadValues } from '../values/load.js';
import { defaultProject, isRendering, type Rendering } from '../values/project.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { packageFile } from './package-file.js';
import { projectFile } from './workspace.js';
import { commitHere } from './writer.js';

/** A person's own of these is left as it is; of all others it would be overwritten. */
const optional = ['README.md', '.gitignore'];

/** Makes a GitOps repository with one release, in a folder of its own or in a repository that exists; one commit. */
export async function init({ argument = '.', options }: CommandInput, io: Io): Promise<number> {
  const root = resolve(io.cwd, argument);
  const render = renderingOf(options.render);
  const starter = render === 'helm' ? await chartStarterFiles() : starterFiles();
  const files = starter.filter(({ path }) => !optional.includes(path) || !existsSync(join(root, path)));
  const taken = files.map(({ path }) => path).filter((path) => existsSync(join(root, path)));
  refuseTaken(taken, argument);
  const above = workspaceAbove(root);
  if (above !== undefined) io.stderr.write(nestedWarning(above, root));
  for (const { path } of files) io.stdout.write(`${path}\n`);
  if (options.yes !== true) {
    io.stderr.write('nothing was written; add --yes to write and commit these files\n');
    return exitCodes.done;
  }
  makeFolder(root, argument);
  if (!(await isInRepository(root))) await runGit(['init', '--quiet', '--initial-branch=main'], { cwd: root });
  const commit = await commitHere(root, ({ prefix }) => startOf(files, prefix), io);
  io.stderr.write(`committed ${files.length} files to ${commit.root} as ${commit.commit?.slice(0, 10)}\n`);
  io.stderr.write('next: put your Prometheus into sluice.yaml and this repository into argocd/ or flux/,\n');
  io.stderr.write('then: sluice candidate reviews --image IMAGE, and sluice evaluate every minute\n');
  return exitCodes.done;
}

function startOf(files: readonly FileChange[], prefix: string): CommitPlan {
  const changes = files.map(({ path, content }) => ({ path, content: content && below(prefix, content) }));
  return { release: 'sluice', summary: 'start with one release', trailers: {}, changes };
}

function renderingOf(option: unknown = defaultProject.render): Rendering {
  if (isRendering(option)) return option;
  throw new ConfigError(`Cannot render ${option} as asked: it is neither manifests nor helm`, {
    code: 'cli/arguments',
    hint: 'Allowed are: manifests, helm.',
  });
}

function refuseTaken(taken: readonly string[], folder: string): void {
  if (taken.length === 0) return;
  throw new ConfigError(`Cannot make a repository of ${folder} without overwriting: ${taken.join(', ')}`, {
    code: 'cli/init-exists',
    path: folder,
    hint: 'Name another folder, or move these files away.',
  });
}

/** Returns the nearest folder above that is a workspace. */
function workspaceAbove(root: string): string | undefined {
  const folder = dirname(root);
  if (existsSync(join(folder, projectFile))) return folder;
  return folder === root ? undefined : workspaceAbove(folder);
}

function nestedWarning(above: string, root: string): string {
  const outer = oneLine(join(above, projectFile));
  return [
    `warning: ${oneLine(root)} lies inside of a workspace: there is ${outer}\n`,
    '  hint: Each knows its own releases alone. For one more release make a folder below releases/ there; for a workspace\n',
    '  of its own name a folder outside.\n',
  ].join('');
}

function makeFolder(root: string, folder: string): void {
  try {
    mkdirSync(root, { recursive: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`Cannot make the folder ${folder} for a repository: ${code}`, {
      code: 'cli/init-folder',
      path: folder,
      hint: 'Name a folder that is not there yet, or that is one and may be written to.',
      cause: error,
    });
  }
}

/** Argo CD and Flux count paths from the top of the repository, so they change where the workspace is a folder of it. */
function below(prefix: string, content: string): string {
  if (prefix === '') return content;
  const depth = prefix.split('/').length;
  return content
    .replace('path: releases/**', `path: ${prefix}releases/**`)
    .replace('path: rendered/{{', `path: ${prefix}rendered/{{`)
    .replace('path: ./rendered', `path: ./${prefix}rendered`)
    .replace('path: ./flux/', `path: ./${prefix}flux/`)
    .replace('chart: ./releases/', `chart: ./${prefix}releases/`)
    .replaceAll('slice .path.segments 1', `slice .path.segments ${depth}`);
}

/** Returns the files of the starter, with the schema for editors and the manifests of its release. */
export function starterFiles(): FileChange[] {
  const files = filesOf('templates/gitops');
  const { file, release } = starterValues(files);
  const folder = { path: defaultProject.rendered, read: () => undefined };
  const { manifests, listed } = planRendered([{ id: 'reviews', file, release }], folder);
  const inventory = inventoryOf(folder, listed);
  return [...files, ...manifests, ...(inventory ? [inventory] : []), schemaFile()];
}

/** Returns the files of the starter for `render: helm`, with the schema for editors and the chart of its release. */
async function chartStarterFiles(): Promise<FileChange[]> {
  const { chartOf } = await import('./release-chart.js');
  const own = filesOf('templates/gitops-helm');
  const isShared = (path: string) => !/^(argocd|flux)\//.test(path) && own.every((each) => each.path !== path);
  const files = [...own, ...filesOf('templates/gitops').filter(({ path }) => isShared(path))];
  const folder = { path: 'releases/reviews', read: () => undefined };
  const all = [...files, ...planChart(chartOf(starterValues(files)), folder), schemaFile()];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesOf(folder: string): { readonly path: string; readonly content: string }[] {
  const templates = packageFile(folder);
  return readdirSync(templates, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: nameOf(path.slice(templates.length + 1)), content: readFileSync(path, 'utf8') }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function starterValues(files: ReturnType<typeof filesOf>): LoadedValues {
  const file = 'releases/reviews/values.yaml';
  const text = files.find(({ path }) => path === file)?.content ?? '';
  return loadValues(text, { file, name: 'reviews', namespace: defaultProject.namespace });
}

function schemaFile(): FileChange {
  return { path: 'values.schema.json', content: `${JSON.stringify(valuesJsonSchema(), null, 2)}\n` };
}

/** npm leaves files called .gitignore out of a package, so the template goes without its dot. */
function nameOf(path: string): string {
  return path === 'gitignore' ? '.gitignore' : path.split(sep).join('/');
}

async function isInRepository(root: string): Promise<boolean> {
  return runGit(['rev-parse', '--git-dir'], { cwd: root }).then(
    () => true,
    () => false,
  );
}
