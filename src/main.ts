import { resolve } from 'node:path';
import { run } from './cli/run.js';

// What `cdk8s synth` runs: it names its output folder in CDK8S_OUTDIR, and expects the manifests there.
process.exitCode = await run(['synth'], {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: resolve(process.argv[2] ?? '.'),
  now: () => Date.now() / 1000,
});
