import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/release/json.js';
import { shortLived } from './short-lived.js';
import { requireTools, tools } from './tools.js';

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly message: string;
  readonly origin: string;
}

const file = 'objects.json';

/** Lines of its answer that say only that findings follow, or that there are none. */
const headings = /^("objects\.json" (is valid|has warnings:)|Error: \d+ errors? occurred:)$/;

/** Returns what `istioctl validate` says against each of the objects, errors and warnings alike. */
export async function istioValidate(objects: readonly JsonObject[]): Promise<string[]> {
  return withFile(objects, async (cwd) => {
    const { stdout, stderr } = await istioctl(['validate', '--filename', file], cwd);
    const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '' && !headings.test(line));
  });
}

/** Returns what `istioctl analyze` finds in the objects as they stand together, from warnings on. */
export async function istioAnalyze(objects: readonly JsonObject[]): Promise<string[]> {
  const options = ['--use-kube=false', '--all-namespaces', '--output=json', '--output-threshold=Warning'];
  return withFile(objects, async (cwd) => {
    const { stdout, stderr } = await istioctl(['analyze', ...options, file], cwd);
    if (!stdout.startsWith('[')) throw new Error(`Cannot analyze: ${stdout}${stderr}`);
    const findings = JSON.parse(stdout) as readonly Finding[];
    return findings.map(({ code, level, message, origin }) => `${level} ${code} ${origin}: ${message}`);
  });
}

/** It exits with an error where it finds one, and says so as well. */
async function istioctl(args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: cwd, ...shortLived };
  const run = promisify(execFile)(tools.istioctl, [...args], { cwd, env });
  return run.catch((error: Error & { readonly stdout?: string; readonly stderr?: string }) => {
    const { stdout = '', stderr = '' } = error;
    if (stdout === '' && stderr === '') throw error;
    return { stdout, stderr };
  });
}

async function withFile<Result>(
  objects: readonly JsonObject[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  requireTools(['istioctl']);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-istioctl-'));
  try {
    await writeFile(join(folder, file), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
