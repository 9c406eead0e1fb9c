import { ConfigError } from '../errors.js';
import { identityOf } from '../evaluate/identity.js';
import type { Status } from '../evaluate/status.js';
import { type Files, Overtaken } from '../gitops/proposal.js';
import type { FileChange } from '../release/file-change.js';
import { renderedFile, renderedText } from '../synth/rendered.js';
import { addVersion } from '../values/add-version.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import { configError } from '../values/source-text.js';
import type { CommandInput } from './command.js';
import { requestLine } from './evaluate-report.js';
import { exitCodes, type Io } from './io.js';
import { type Asked, askedWith, sentence } from './people/asked.js';
import { type NewVersions, newVersions } from './people/new-versions.js';
import type { StepReport } from './people/report.js';
import { meantBy, runWishes } from './people/run-steps.js';
import { type Standing, standingOf } from './people/standing.js';
import { candidateIn, type Step } from './people/step.js';
import { readReleases, selectReleases } from './workspace.js';
import type { Session } from './writer.js';

/** Adds versions to a release, like its primary but for the image or as a file says, without traffic; one commit. */
export async function candidate({ argument, options }: CommandInput, io: Io): Promise<number> {
  const asked = await askedWith(options, io);
  const versions = await newVersions(options, io);
  let analysed = true;
  const open = async ({ workspace }: Session) => {
    // All are read: no other release may have objects of these names.
    const [entry] =
      argument === undefined ? [meantBy(workspace, argument)] : selectReleases(readReleases(workspace), argument);
    if (entry === undefined || entry.loaded instanceof ConfigError) throw entry?.loaded;
    analysed = entry.loaded.release.analysis !== undefined;
    const { chartChanges } = workspace.project.render === 'helm' ? await import('./charts.js') : {};
    const rendered = ({ id, file, files }: Standing, loaded: LoadedValues): FileChange[] => {
      if (chartChanges !== undefined) return chartChanges(workspace, { id, file, loaded }, files);
      const { release } = loaded;
      return [{ path: renderedFile(workspace.project.rendered, id), content: renderedText({ file, release }) }];
    };
    const plan = (files: Files) => {
      const standing = standingOf(entry, files);
      return standing instanceof Overtaken ? standing : planAdded(standing, { versions, asked, rendered });
    };
    return [{ id: entry.id, plan }];
  };
  let waits = false;
  const asText = (report: StepReport) => {
    waits = report.results.some(({ request }) => request !== undefined);
    return formatAdded(report);
  };
  const code = await runWishes({ options }, io, { command: 'candidate', open, asText });
  if (code === exitCodes.done && options.output !== 'json') io.stderr.write(nextFor(analysed, waits));
  return code;
}

function nextFor(analysed: boolean, waits: boolean): string {
  if (!analysed) return 'its values ask for no analysis: give it traffic by hand, and commit that\n';
  return `next: ${waits ? 'its merge, then ' : ''}sluice evaluate, which lets it in\n`;
}

interface Adding {
  readonly versions: NewVersions;
  readonly asked: Asked;
  rendered(standing: Standing, loaded: LoadedValues): FileChange[];
}

function planAdded(standing: Standing, { versions, asked, rendered }: Adding): Step {
  const { loaded, file, status } = standing;
  const entries = versions.entriesFor(loaded);
  const names = entries.map(({ name }) => name);
  for (const name of names) refuseJudged(standing, name);
  const text = entries.reduce((now, { entry }) => addVersion(now, entry, { file }), loaded.text);
  const added = loadedWith(loaded, text, { names, versions });
  for (const name of names) refuseSettled(added, name, status);
  const images = entries.map(({ name, entry: { image } }) =>
    typeof image === 'string' ? `${name} with ${image}` : name,
  );
  const runs = entries.map(({ name, entry: { image } }) =>
    typeof image === 'string' ? `${name} runs ${image}` : name,
  );
  const [them, get] = names.length === 1 ? ['it', 'gets'] : ['them', 'get'];
  return {
    plan: {
      release: added.release.model.name,
      summary: `add ${names.length === 1 ? 'candidate' : 'candidates'} ${names.join(', ')}`,
      body: `${runs.join('; ')} and ${get} no traffic yet. ${sentence(asked, `added ${them}`)}`,
      trailers: {},
      changes: [{ path: file, content: text }, ...rendered(standing, added)],
    },
    lines: images,
    notices: [],
    candidate: candidateIn(added, names[0]),
  };
}

function formatAdded({ dryRun, results, where }: StepReport): string {
  const lines = results.flatMap(({ release, step, commit, request }) => {
    if (step === undefined) return [];
    const as = commit === undefined ? '' : `; commit ${commit.slice(0, 10)}`;
    const [does, waits] = request === undefined ? ['added', ''] : ['add', `\n  ${requestLine(request)}`];
    return `${release}: ${does} ${step.lines.join(', ')}, without traffic${as}${waits}\n`;
  });
  const ending = [where && `${where.words}\n`, dryRun ? 'dry run: nothing was written\n' : ''];
  return [...lines, ...ending].join('');
}

/** What is there already was judged, or will be: adding it again is meant to have it judged again. */
function refuseJudged({ id, file, loaded, status }: Standing, name: string): void {
  const { versions, primary } = loaded.release.model;
  if (name === primary || !versions.some((version) => version.name === name)) return;
  const judged = status.settled.find((entry) => entry.name === name && entry.identity === identityOf(loaded, name));
  if (judged === undefined) return;
  throw new ConfigError(
    `Cannot add ${name} as a candidate of ${id}: it is there already, and was ${judged.outcome} at ${judged.at}`,
    {
      code: 'cli/settled',
      path: file,
      hint: `To have it judged again, add it under another name, such as --version ${name}-again, or give it traffic by hand in ${file}.`,
    },
  );
}

/** A version that was judged as it is would never be looked at again. */
function refuseSettled(added: LoadedValues, name: string, { settled }: Status): void {
  const identity = identityOf(added, name);
  const judged = settled.find((entry) => entry.name === name && entry.identity === identity);
  if (judged === undefined) return;
  throw new ConfigError(`Cannot add ${name} as a candidate: it was ${judged.outcome} at ${judged.at}, as it is now`, {
    code: 'cli/settled',
    path: added.file,
    hint: `To have it judged again, add it under another name, such as --version ${name}-again.`,
  });
}

interface Added {
  readonly names: readonly string[];
  readonly versions: NewVersions;
}

/** The problems of a text that is not written yet have a place in the file that the versions are from, or in none. */
function loadedWith(loaded: LoadedValues, text: string, { names, versions }: Added): LoadedValues {
  try {
    return reloadValues(loaded, text);
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [];
    const [problem] = problems;
    if (problem === undefined) throw error;
    const { source } = versions;
    const first = loaded.values.application.versions.length;
    if (source !== undefined) {
      throw configError(
        problems.map(({ path, message, hint }) =>
          source.problem(pathWithin(path, first, Array.isArray(source.data)), message, { ...(hint && { hint }) }),
        ),
      );
    }
    const { file, path, message, hint: told } = problem;
    // It may be made of the image's tag, so that nobody chose it.
    const chosen = path.endsWith('.metadata.name') || told === undefined ? 'Choose another name: --version NAME.' : '';
    const hint = [told, chosen].filter(Boolean).join(' ');
    throw new ConfigError(`Cannot add ${names.join(', ')} to ${file} as a version: ${path}: ${message}`, {
      code: 'cli/bad-version',
      path: file,
      hint,
      cause: error,
    });
  }
}

/** Returns where `application.versions[first + i].key` stands in a file of the new versions alone. */
function pathWithin(path: string, first: number, isList: boolean): (string | number)[] {
  const [, position, rest = ''] = /^application\.versions\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  if (position === undefined || Number(position) < first) return [];
  const keys = rest.split(/[.[\]]+/).filter((key) => key !== '');
  const within = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return isList ? [Number(position) - first, ...within] : within;
}
