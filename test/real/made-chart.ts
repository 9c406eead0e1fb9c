import { execFile } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { afterFile } from '../clean-up.js';
import { scratchFolder, sluice } from '../cli/workspace.js';
import { shortLived } from './short-lived.js';
import { tools } from './tools.js';

const run = promisify(execFile);

let folder: string | undefined;

/** Where the charts of a file of tests lie; the next file has another. */
export function chartsFolder(): string {
  if (folder === undefined) {
    afterFile(() => {
      folder = undefined;
    });
    folder = scratchFolder();
  }
  return folder;
}

export const helms = { 'Helm 3': tools.helm, 'Helm 4': tools.helm4 } as const;

/** Returns a starter of `templates/values/` as it is written. */
export const starter = (name: string) => readFileSync(`templates/values/${name}.yaml`, 'utf8');

/** Makes the chart of a values text and returns its folder. */
export async function chartOf(text: string, name: string): Promise<string> {
  const cwd = chartsFolder();
  writeFileSync(join(cwd, `${name}.yaml`), text);
  const { code, stderr } = await sluice(['chart', '-f', `${name}.yaml`, '--name', 'reviews', '-o', name], { cwd });
  expect(code, stderr).toBe(0);
  return join(cwd, name);
}

/** Returns what Helm says: stdout, or its complaint. */
export async function helm(args: readonly string[], program: string = tools.helm): Promise<string> {
  try {
    const env = { ...process.env, ...shortLived };
    return (await run(program, [...args], { cwd: chartsFolder(), env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stderr, stdout } = error as { readonly stderr: string; readonly stdout: string };
    return `refused: ${stderr}${stdout}`;
  }
}

/** Helm prints the notes only beside a cluster; so a template prints them. */
export async function notesOf(folder: string, args: readonly string[] = []): Promise<string> {
  const copy = join(chartsFolder(), `${basename(folder)}-notes`);
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  cpSync(join(folder, 'templates/NOTES.txt'), join(copy, 'notes.txt'));
  writeFileSync(join(copy, 'templates/shown.yaml'), 'notes: {{ tpl (.Files.Get "notes.txt") . | toJson }}\n');
  const text = await helm(['template', 'reviews', copy, '-n', 'shop', '-s', 'templates/shown.yaml', ...args]);
  return parse(text).notes as string;
}
