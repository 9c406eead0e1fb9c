import { ConfigError } from '../errors.js';
import { identityOf } from '../evaluate/identity.js';
import type { Status } from '../evaluate/status.js';
import type { FileChange } from '../release/file-change.js';
import type { JsonObject } from '../release/json.js';
import { primaryOf } from '../release/model.js';
import { renderedFile, renderedText } from '../synth/rendered.js';
import { addVersion } from '../values/add-version.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { statusOf } from './release-status.js';
import { openWorkspace, type ReleaseEntry, readReleases, selectReleases, type Workspace } from './workspace.js';
import { assertUntouched, openForWriting, writerFor } from './writer.js';

/** Adds a version to a release, like its primary but for the image, without traffic; one commit. */
export async function candidate({ argument, options }: CommandInput, io: Io): Promise<number> {
  const image = imageOf(options.image);
  const repository = await openForWriting(io.cwd, io.stderr);
  const workspace = openWorkspace(io.cwd);
  await assertUntouched(repository, workspace);
  const [entry] = selectReleases(readReleases(workspace), argument);
  if (entry === undefined || entry.loaded instanceof ConfigError) throw entry?.loaded;

  const { id, file, loaded } = entry;
  const name = typeof options.version === 'string' ? options.version : nameFromTag(loaded.release.model.name, image);
  const text = addVersion(loaded.text, versionLike(loaded, { name, image }), { file });
  const added = loadedWith(name, () => reloadValues(loaded, text));
  refuseSettled(added, name, statusOf(workspace, file));
  const { release } = added;
  const commit = await writerFor(repository).commit({
    release: release.model.name,
    summary: `add candidate ${name}`,
    body: `${name} runs ${image} and gets no traffic yet.`,
    trailers: {},
    changes: [{ path: file, content: text }, ...(await rendered(workspace, { id, file, loaded: added }))],
  });
  io.stdout.write(`${id}: added ${name} with ${image}, without traffic; commit ${commit?.slice(0, 10)}\n`);
  if (release.analysis === undefined) {
    io.stderr.write('its values ask for no analysis: give it traffic by hand, and commit that\n');
  } else {
    io.stderr.write('next: sluice evaluate; one candidate is analysed at a time\n');
  }
  return exitCodes.done;
}

async function rendered(workspace: Workspace, { id, file, loaded }: RenderedEntry): Promise<readonly FileChange[]> {
  const { rendered, render } = workspace.project;
  if (render === 'helm') return (await import('./charts.js')).chartChanges(workspace, { id, file, loaded });
  return [{ path: renderedFile(rendered, id), content: renderedText({ file, release: loaded.release }) }];
}

type RenderedEntry = ReleaseEntry & { readonly loaded: LoadedValues };

function imageOf(option: unknown): string {
  if (typeof option === 'string' && option.trim() !== '') return option;
  throw new ConfigError('Cannot add a version without an image: --image is empty', {
    code: 'cli/arguments',
    hint: 'Name the image that it runs, such as --image registry.example/reviews:v2.',
  });
}

/** A version that was judged as it is would never be looked at again. */
function refuseSettled(added: LoadedValues, name: string, { settled }: Status): void {
  const identity = identityOf(added, name);
  const judged = settled.find((entry) => entry.name === name && entry.identity === identity);
  if (judged === undefined) return;
  throw new ConfigError(`Cannot add ${name} as a candidate: it was ${judged.outcome} at ${judged.at}, as it is now`, {
    code: 'cli/settled',
    path: added.file,
    hint: 'Choose another name to have it judged again: --version NAME.',
  });
}

/** The problems of a text that is not written yet have no place in a file: the first one is told without. */
function loadedWith(name: string, load: () => LoadedValues): LoadedValues {
  try {
    return load();
  } catch (error) {
    const [problem] = error instanceof ConfigError ? error.problems : [];
    if (problem === undefined) throw error;
    const { file, path, message, hint = 'Choose another name: --version NAME.' } = problem;
    throw new ConfigError(`Cannot add ${name} to ${file} as a version: ${path}: ${message}`, {
      code: 'cli/bad-version',
      path: file,
      hint,
      cause: error,
    });
  }
}

/** The primary's entry with another image: what the application needs to run stays, what routed it goes. */
function versionLike({ values, release }: LoadedValues, { name, image }: { name: string; image: string }): JsonObject {
  const { model, strategy } = release;
  const position = model.versions.indexOf(primaryOf(model));
  const { metadata, match, matches, weight: _, routed: __, ...like } = values.application.versions[position] ?? {};
  const entry = {
    metadata: { ...metadata, name },
    ...like,
    image,
    ...(strategy.needs === 'match'
      ? { routed: false, ...(match && { match }), ...(matches && { matches }) }
      : { weight: 0 }),
  };
  return JSON.parse(JSON.stringify(entry)) as JsonObject;
}

function nameFromTag(application: string, image: string): string {
  const [reference = ''] = image.split('@');
  const tag = /:([^:/]+)$/.exec(reference)?.[1];
  const suffix = tag
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (suffix) return `${application}-${suffix}`;
  throw new ConfigError(`Cannot name the version after the tag of ${image}: it has none`, {
    code: 'cli/no-tag',
    hint: `Add --version NAME, such as --version ${application}-v2.`,
  });
}
