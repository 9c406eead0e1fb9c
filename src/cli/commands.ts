import type { CommandSpec, OptionSpec } from './command.js';
import { synthSpec } from './synth-spec.js';

const json: OptionSpec = { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default) or json' };

/** Every command by its name; adding one is a file and an entry here. */
export const commands: { readonly [name: string]: CommandSpec } = {
  synth: {
    ...synthSpec,
    run: async ({ options }, io) => (await import('./synth.js')).synth(options, io),
  },
  chart: {
    summary: 'make a Helm chart of one values file, or of every release',
    options: {
      file: { type: 'string', short: 'f', value: 'FILE', summary: 'a values file, or - for stdin' },
      name: { type: 'string', value: 'NAME', summary: 'the name of the release, with --file' },
      output: { type: 'string', short: 'o', value: 'DIR', summary: 'the chart, or their folder', required: true },
      versions: { type: 'string', value: 'N', summary: 'how many versions its values may have (default: 4)' },
    },
    run: async ({ options }, io) => (await import('./chart.js')).chart(options, io),
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
  judge: {
    summary: 'judge cases offline: one line of JSON each in, one answer each out',
    options: {
      judge: { type: 'string', value: 'NAME', summary: 'sequential, kayenta, bayesian or threshold', required: true },
      file: { type: 'string', short: 'f', value: 'FILE', summary: 'JSON Lines, or - for stdin', required: true },
      output: json,
    },
    run: async ({ options }, io) => (await import('./judge.js')).judge(options, io),
  },
  validate: {
    summary: 'find what is wrong with values files, or seldom meant; nothing is written',
    argument: '[path...]',
    options: {
      against: { type: 'string', value: 'REF', summary: 'a commit: find what must not change at once since' },
      schemas: {
        type: 'string',
        value: 'PATH',
        summary: 'CRDs, a file or folder: check what is rendered against them',
      },
      strict: { type: 'boolean', summary: 'fail for warnings, too' },
      output: { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default), json or github' },
    },
    run: async (input, io) => (await import('./validate.js')).validate(input, io),
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
      render: { type: 'string', value: 'FORM', summary: 'what Git holds: manifests (default) or helm' },
      yes: { type: 'boolean', short: 'y', summary: 'write and commit the files; without it they are only listed' },
    },
    run: async (input, io) => (await import('./init.js')).init(input, io),
  },
  diff: {
    summary: 'say what differs from a commit or another folder: in words, then in YAML',
    options: {
      against: { type: 'string', value: 'REF|DIR', summary: 'a commit by any name, or a folder (default: HEAD)' },
      output: { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default), json or markdown' },
    },
    run: async (input, io) => (await import('./diff.js')).diff(input, io),
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
