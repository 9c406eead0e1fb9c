import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../errors.js';
import { askGit } from '../gitops/git.js';
import type { Finding } from '../lints/lint.js';
import { lintValues } from '../lints/lint-values.js';
import { defaultProject } from '../values/project.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { statusOf } from './release-status.js';
import { type Before, openBefore } from './validate/before.js';
import { countOf, findingsOf, formats, sorted, type Unchecked, type Validation } from './validate/report.js';
import { type ValuesFile, valuesFilesOf } from './validate/values-files.js';
import { openWorkspace, projectFile, type Workspace } from './workspace.js';

/**
 * Prints all that is wrong with values files, or seldom meant: whatever one file has hides nothing of another. Nothing is
 * written, and no server is asked.
 */
export async function validate({ paths = [], options }: CommandInput, io: Io): Promise<number> {
  const { against, schemas, output } = options;
  const format = formatOf(output);
  const { workspace, hasProject, findings: ofProject } = workspaceAt(io.cwd);
  // Settings that cannot be read may have named another folder: what is wrong with them is all there is to say then.
  const isLost = ofProject.length > 0 && paths.length === 0 && !existsSync(join(io.cwd, workspace.project.releases));
  const files = isLost ? [] : valuesFilesOf(paths, workspace);
  const before = typeof against === 'string' ? await beforeOf(against, io.cwd, files) : undefined;
  const checked: Checked[] = [];
  // One after the other: each may start a git.
  for (const file of files) checked.push(await checkFile(file, { workspace, hasProject, before }));
  const rendered = typeof schemas === 'string' ? await checkRendered(schemas, io.cwd, files) : nothing;
  const findings = sorted([...ofProject, ...checked.flatMap((each) => each.findings), ...rendered.findings]);
  const unchecked = [...checked.flatMap((each) => each.unchecked), ...rendered.unchecked];
  io.stdout.write(formats[format](await located({ files: files.length, findings, unchecked }, format, io.cwd)));
  const fails = countOf(findings, 'error') + (options.strict === true ? countOf(findings, 'warning') : 0);
  return fails === 0 ? exitCodes.done : exitCodes.findings;
}

/** What a part of the validation found. */
type Checked = Pick<Validation, 'findings' | 'unchecked'>;

const nothing: Checked = { findings: [], unchecked: [] };

function formatOf(output: unknown): keyof typeof formats {
  if (output === undefined) return 'text';
  const known = Object.keys(formats) as (keyof typeof formats)[];
  const found = known.find((format) => format === output);
  if (found !== undefined) return found;
  throw new ConfigError(`Cannot print the findings as asked: ${output}`, {
    code: 'cli/arguments',
    hint: `Allowed are: ${known.join(', ')}.`,
  });
}

interface FoundWorkspace {
  readonly workspace: Workspace;
  /** Whether its settings are known. */
  readonly hasProject: boolean;
  readonly findings: readonly Finding[];
}

/** Settings with problems are a finding, and the releases are still looked at, in the folder where they are by default. */
function workspaceAt(root: string): FoundWorkspace {
  const isThere = existsSync(join(root, projectFile));
  try {
    return { workspace: openWorkspace(root), hasProject: isThere, findings: [] };
  } catch (error) {
    if (!(error instanceof ConfigError) || error.problems.length === 0) throw error;
    const findings = findingsOf(error, projectFile);
    return { workspace: { root, project: defaultProject }, hasProject: false, findings };
  }
}

function beforeOf(ref: string, cwd: string, files: readonly ValuesFile[]): Promise<Before> {
  return openBefore(ref, { cwd, files: files.map(({ file }) => file) });
}

interface Surroundings {
  readonly workspace: Workspace;
  readonly hasProject: boolean;
  readonly before: Before | undefined;
}

async function checkFile({ file, loaded, isRelease }: ValuesFile, surroundings: Surroundings): Promise<Checked> {
  const { workspace, hasProject } = surroundings;
  const ofStatus = isRelease ? checkStatus(workspace, file) : [];
  if (loaded instanceof ConfigError) return { findings: [...findingsOf(loaded, file), ...ofStatus], unchecked: [] };
  const before = await surroundings.before?.of(loaded);
  const unusable = before instanceof ConfigError;
  const found = lintValues({
    loaded,
    project: hasProject ? workspace.project : undefined,
    comparison: surroundings.before === undefined || unusable ? undefined : { before },
  });
  const reason = unusable ? `what changed: ${before.message}` : '';
  const unchecked: Unchecked[] = unusable ? [{ subject: file, reason }] : [];
  return { findings: [...found, ...ofStatus], unchecked };
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
  const { checkSchemas } = await import('./validate/check-schemas.js');
  const loaded = files.flatMap((each) => (each.loaded instanceof ConfigError ? [] : [each.loaded]));
  return checkSchemas(loaded, { path, cwd });
}

/** GitHub finds files from the top of the repository. */
async function located(validation: Validation, format: keyof typeof formats, cwd: string): Promise<Validation> {
  if (format !== 'github') return validation;
  const { status, stdout } = await askGit(['rev-parse', '--show-prefix'], { cwd });
  const prefix = status === 0 ? stdout.trim() : '';
  return { ...validation, findings: validation.findings.map((each) => ({ ...each, file: `${prefix}${each.file}` })) };
}
