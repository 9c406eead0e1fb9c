import type { CommandSpec } from './command.js';

/** What `sluice synth` takes. */
export const synthSpec: Omit<CommandSpec, 'run'> = {
  summary: 'render manifests: one values file to stdout, or every release of the workspace',
  options: {
    file: { type: 'string', short: 'f', value: 'FILE', summary: 'a values file, or - for stdin' },
    name: { type: 'string', value: 'NAME', summary: 'the name of the release, with --file' },
    namespace: { type: 'string', short: 'n', value: 'NS', summary: 'its namespace, with --file (default: default)' },
  },
};
