import type { CommandSpec, OptionSpec } from './command.js';
import { synthSpec } from './synth-spec.js';

const json: OptionSpec = { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default) or json' };

/** Every command by its name; adding one is a file and an entry here. */
export const commands: { readonly [name: string]: CommandSpec } = {
  synth: {
    ...synthSpec,
    run: async ({ options }, io) => (await import('./synth.js')).synth(options, io),
  },
  evaluate: {
    summary: 'read metrics, decide, and commit what was decided: one pass',
    argument: '[release]',
    options: {
      'dry-run': { type: 'boolean', summary: 'print the plan and change nothing' },
      output: json,
    },
    run: async (input, io) => (await import('./evaluate.js')).evaluate(input, io),
  },
  candidate: {
    summary: 'add a version that gets no traffic yet',
    argument: '<release>',
    options: {
      image: { type: 'string', value: 'IMAGE', summary: 'the image that it runs', required: true },
      version: { type: 'string', value: 'NAME', summary: 'its name (default: from the tag of the image)' },
    },
    run: async (input, io) => (await import('./candidate.js')).candidate(input, io),
  },
  init: {
    summary: 'make a GitOps repository with one release',
    argument: '[dir]',
    options: {
      yes: { type: 'boolean', short: 'y', summary: 'write and commit the files; without it they are only listed' },
    },
    run: async (input, io) => (await import('./init.js')).init(input, io),
  },
  schema: {
    summary: 'print the JSON Schema of a values file',
    options: {},
    run: async (_input, io) => (await import('./schema.js')).schema(io),
  },
  demo: {
    summary: 'watch a good candidate being promoted and a bad one rolled back, in a temporary repository',
    options: { keep: { type: 'boolean', summary: 'keep the repository and print where it is' } },
    run: async ({ options }, io) => (await import('./demo.js')).demo(options, io),
  },
};
