import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ScratchWorkspace, scratchFolder, sluice } from './cli/workspace.js';

const values = `environment: gateway-api
application:
  strategy: blue-green
  versions:
  - {image: "registry.example/app:v1", weight: 90}
  - {image: "registry.example/app:v2", weight: 10}
`;

describe('npx cdk8s synth', () => {
  it('writes the same objects as sluice synth in this project', async () => {
    const output = join(scratchFolder(), 'out');
    // The folder that cdk8s.yaml names is the user's.
    await cdk8sSynth(resolve('.'), { output });
    const { stdout } = await sluice(
      ['synth', '-f', 'templates/gitops/releases/reviews/values.yaml', '--name', 'reviews'],
      { cwd: resolve('.') },
    );
    expect(written(output)).toEqual({ 'reviews.k8s.yaml': objectsOf(stdout) });
  });

  it('writes the same objects as sluice synth in a repository that init made', async () => {
    const workspace = await started();
    workspace.commit({ 'releases/team/app/values.yaml': values });
    await workspace.ran('synth');
    workspace.commit({});
    await cdk8sSynth(workspace.folder);
    expect(written(join(workspace.folder, 'cdk8s-out'))).toEqual({
      'reviews.k8s.yaml': objectsOf(workspace.read('rendered/reviews/manifests.yaml')),
      'team.app.k8s.yaml': objectsOf(workspace.read('rendered/team/app/manifests.yaml')),
    });
    // Its output is ignored, and rendered/ is not its business.
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('fails where a release is broken, and says where', async () => {
    const workspace = await started();
    workspace.replace('releases/reviews/values.yaml', 'weight: 100', 'weight: -1');
    await expect(cdk8sSynth(workspace.folder)).rejects.toMatchObject({
      stderr: expect.stringContaining('weight: is -1, below the least allowed: 0'),
    });
  });
});

async function started(): Promise<ScratchWorkspace> {
  const workspace = new ScratchWorkspace({});
  await workspace.ran('init', '--yes');
  return workspace;
}

/** Runs the real cdk8s of this project, with the built sluice on the PATH. */
async function cdk8sSynth(cwd: string, { output }: { readonly output?: string } = {}): Promise<void> {
  if (!existsSync('dist/bin/sluice.js'))
    throw new Error('dist/ is not built: npm test builds it first, so does npm run build');
  const bin = join(scratchFolder(), 'bin');
  mkdirSync(bin);
  symlinkSync(resolve('dist/bin/sluice.js'), join(bin, 'sluice'));
  // What a person may have set for a run of cdk8s of their own must not decide about this one.
  const { CDK8S_OUTDIR: _, CDK8S_OUTPUT: __, ...env } = process.env;
  const argv = [resolve('node_modules/cdk8s-cli/bin/cdk8s'), 'synth', '--no-check-upgrade'];
  await promisify(execFile)(process.execPath, [...argv, ...(output === undefined ? [] : ['--output', output])], {
    cwd,
    env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}`, CI: '1' },
  });
}

function written(folder: string): Record<string, unknown> {
  const files = readdirSync(folder).sort();
  return Object.fromEntries(files.map((file) => [file, objectsOf(readFileSync(join(folder, file), 'utf8'))]));
}

function objectsOf(stream: string): unknown[] {
  return parseAllDocuments(stream).map((document) => document.toJS());
}
