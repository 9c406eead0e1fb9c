import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ConfigError, formatProblems } from '../errors.js';
import { askGit } from '../gitops/git.js';
import type { Finding } from '../lints/lint.js';
import { lintValues } from '../lints/lint-values.js';
import { defaultProject } from '../values/project.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { outputFormat } from './output-format.js';
import { statusOf } from './release-status.js';
import { type Before, openBefore } from './validate/before.js';
import { countOf, findingsOf, formats, sorted, type Validation } from './validate/report.js';
import { type ValuesFile, valuesFilesOf } from './validate/values-files.js';
import { openWorkspace, projectFile, type Workspace } from './workspace.js';

/**
 * Prints all that is wrong with values files, or seldom meant: whatever one file has hides nothing of another. Nothing is
 * written, and no server is asked.
 */
export async function validate({ paths = [], options }: CommandInput, io: Io): Promise<number> {
  const { against, schemas, output } = options;
  const format = outputFormat(output, 'the findings', ['text', 'json', 'github']);
  const { workspace, settings, findings: ofProject } = workspaceAt(io.cwd);
  // Settings that cannot be read may have named another folder: what is wrong with them is all there is to say then.
  const isLost = ofProject.length > 0 && paths.length === 0 && !existsSync(join(io.cwd, workspace.project.releases));
  const files = isLost ? [] : valuesFilesOf(paths, workspace);
  const before = typeof against === 'string' ? await openBefore(against, files, workspace) : undefined;
  const checked = files.map((file) => checkFile(file, { workspace, settings, before }));
  const rendered = typeof schemas === 'string' ? await checkRendered(schemas, io.cwd, files) : nothing;
  const findings = sorted([...ofProject, ...checked.flatMap((each) => each.findings), ...rendered.findings]);
  const unchecked = [...checked.flatMap((each) => each.unchecked), ...rendered.unchecked];
  const validation = { files: files.length, findings, unchecked };
  io.stdout.write(formats[format](format === 'github' ? await fromTheTop(validation, io.cwd) : validation));
  const fails = countOf(findings, 'error') + (options.strict === true ? countOf(findings, 'warning') : 0);
  return fails === 0 ? exitCodes.done : exitCodes.findings;
}

/** What a part of the validation found. */
type Checked = Pick<Validation, 'findings' | 'unchecked'>;

const nothing: Checked = { findings: [], unchecked: [] };

/** Where there are none, a release goes by the defaults; a file that is no release may belong to any workspace. */
type Settings = 'known' | 'none' | 'broken';

interface FoundWorkspace {
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly findings: readonly Finding[];
}

/** Settings with problems are a finding, and the releases are still looked at, in the folder where they are by default. */
function workspaceAt(root: string): FoundWorkspace {
  const isThere = existsSync(join(root, projectFile));
  try {
    return { workspace: openWorkspace(root), settings: isThere ? 'known' : 'none', findings: [] };
  } catch (error) {
    if (!(error instanceof ConfigError) || error.problems.length === 0) throw error;
    const findings = findingsOf(error, projectFile);
    return { workspace: { root, project: { ...defaultProject, analyses: undefined } }, settings: 'broken', findings };
  }
}

interface Surroundings {
  readonly workspace: Workspace;
  readonly settings: Settings;
  readonly before: Before | undefined;
}

function checkFile({ file, loaded, isRelease }: ValuesFile, surroundings: Surroundings): Checked {
  const { workspace, settings } = surroundings;
  const ofStatus = isRelease ? checkStatus(workspace, file) : [];
  if (loaded instanceof ConfigError) return { findings: [...findingsOf(loaded, file), ...ofStatus], unchecked: [] };
  const before = surroundings.before?.of(loaded);
  const unusable = before instanceof ConfigError;
  const found = lintValues({
    loaded,
    project: settings === 'known' || (settings === 'none' && isRelease) ? workspace.project : undefined,
    comparison: surroundings.before === undefined || unusable ? undefined : { before },
  });
  const unchecked = unusable ? [{ subject: file, reason: `what changed: ${firstLineOf(before)}` }] : [];
  return { findings: [...found, ...ofStatus], unchecked };
}

/** The first problem with its place, without its hint. */
function firstLineOf({ message, problems }: ConfigError): string {
  return formatProblems(problems.slice(0, 1)).split('\n')[0] || message;
}

function checkStatus(workspace: Workspace, file: string): Finding[] {
  try {
    statusOf(workspace, file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return findingsOf(error, error.path ?? file);
    throw error;
  }
}

async function checkRendered(path: string, cwd: string, files: readonly ValuesFile[]): Promise<Checked> {
  // What validates by JSON Schema is loaded by those who ask for it.
  const { openSchemas } = await import('./validate/check-schemas.js');
  const loaded = files.flatMap((each) => (each.loaded instanceof ConfigError ? [] : [each.loaded]));
  const schemas = openSchemas({ path, cwd });
  return { findings: loaded.flatMap((each) => schemas.findingsOf(each)), unchecked: schemas.unchecked() };
}

/** GitHub finds files from the top of the repository. */
async function fromTheTop(validation: Validation, cwd: string): Promise<Validation> {
  const { stdout } = await askGit(['rev-parse', '--show-prefix'], { cwd });
  const prefix = stdout.replace(/\n$/, '');
  const findings = validation.findings.map((each) => ({ ...each, file: posix.join(prefix, each.file) }));
  return { ...validation, findings };
}
