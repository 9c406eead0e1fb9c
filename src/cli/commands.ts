import type { CommandSpec, OptionSpec } from './command.js';
import { synthSpec } from './synth-spec.js';

const json: OptionSpec = { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default) or json' };

/** For every command that commits. */
const push: OptionSpec = { type: 'boolean', summary: 'push it, also where sluice.yaml says to commit only' };

const rehearsal: OptionSpec = { type: 'boolean', summary: 'print the plan and change nothing' };

/** For every command of a person that may be meant for all releases. */
const all: OptionSpec = { type: 'boolean', summary: 'every release, in place of a name' };

const reason: OptionSpec = { type: 'string', value: 'TEXT', summary: 'why; it stands in the commit' };

/** What every command of a person takes. */
const wish = { reason, 'dry-run': rehearsal, push, output: json };

/** For a command that goes on until it is stopped. */
const daemon: CommandSpec['options'] = {
  watch: { type: 'boolean', short: 'w', summary: 'a pass on every interval until SIGTERM or Ctrl-C' },
  every: {
    type: 'string',
    value: 'DURATION',
    summary: 'with --watch: the interval (default: the shortest of the releases)',
  },
  listen: { type: 'string', value: 'HOST:PORT', summary: 'with --watch: serve /healthz and /metrics' },
};

/** How long it takes until a regression is seen. */
const power: CommandSpec['options'] = {
  power: { type: 'boolean', summary: 'in place of the steps: how long until a regression is seen, by simulation' },
  regression: {
    type: 'string',
    value: 'SPEC',
    summary: 'with --power: error-rate=+1pp, latency-p95=x1.25, or both with a comma',
  },
  'error-rate': { type: 'string', value: 'R', summary: 'with --power: of the primary, such as 0.005' },
  latency: { type: 'string', value: 'P50/P95', summary: 'with --power: of the primary in ms, such as 40/180' },
  runs: { type: 'string', value: 'N', summary: 'with --power: releases for every row (default: 200)' },
  seed: { type: 'string', value: 'S', summary: 'with --power: the same seed gives the same numbers (default: 1)' },
};

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
      output: { type: 'string', short: 'o', value: 'DIR', summary: 'the chart, or their folder' },
      versions: { type: 'string', value: 'N', summary: 'how many versions its values may have (default: 4)' },
    },
    run: async ({ options }, io) => (await import('./chart.js')).chart(options, io),
  },
  evaluate: {
    summary: 'read metrics, decide, and commit what was decided: one pass',
    argument: '[release]',
    options: {
      'dry-run': rehearsal,
      push,
      output: json,
      ...daemon,
    },
    run: async (input, io) => {
      if (input.options.watch === true) return (await import('./watch/watch.js')).watch(input, io);
      return (await import('./evaluate.js')).evaluate(input, io);
    },
  },
  judge: {
    summary: 'judge cases offline, one line of JSON each; or a past stretch of a release, window by window',
    argument: '[release]',
    options: {
      judge: { type: 'string', value: 'NAME', summary: 'sequential, kayenta, bayesian or threshold' },
      file: { type: 'string', short: 'f', value: 'FILE', summary: 'cases as JSON Lines, or - for stdin' },
      from: { type: 'string', value: 'TIME', summary: 'of a release: when the candidate entered, in ISO 8601' },
      to: { type: 'string', value: 'TIME', summary: 'of a release: until when (default: now)' },
      baseline: { type: 'string', value: 'VERSION', summary: 'of a release: compare with it (default: the primary)' },
      candidate: { type: 'string', value: 'VERSION', summary: 'of a release: judge it (default: all others)' },
      output: json,
    },
    run: async (input, io) => (await import('./judge.js')).judge(input, io),
  },
  simulate: {
    summary: 'play releases with made-up traffic: how often a judge and a policy are wrong, and what that costs',
    options: {
      file: { type: 'string', short: 'f', value: 'SCENARIO', summary: 'a scenario, or - for stdin', required: true },
      runs: { type: 'string', value: 'N', summary: 'how many releases (default: 1000)' },
      seed: { type: 'string', value: 'S', summary: 'the same seed gives the same numbers (default: 1)' },
      workers: { type: 'string', value: 'N', summary: 'threads, which change no number (default: one per core)' },
      output: json,
    },
    run: async ({ options }, io) => (await import('./simulate.js')).simulate(options, io),
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
  plan: {
    summary: 'show the steps that releases could take from here, each rendered, validated and linted',
    argument: '[release...]',
    options: {
      schemas: { type: 'string', value: 'PATH', summary: 'CRDs, a file or folder: check every step against them' },
      rate: { type: 'string', value: 'N', summary: 'requests per second of both versions together' },
      ...power,
      output: { type: 'string', short: 'o', value: 'FORMAT', summary: 'text (default), json or markdown' },
    },
    run: async (input, io) => {
      if (input.options.power === true) return (await import('./plan/power.js')).power(input, io);
      return (await import('./plan.js')).plan(input, io);
    },
  },
  candidate: {
    summary: 'add a version, or several, that get no traffic yet',
    argument: '[release]',
    options: {
      image: { type: 'string', value: 'IMAGE', summary: 'the image that it runs; all else is as in the primary' },
      from: {
        type: 'string',
        value: 'FILE',
        summary: 'in place of it: one version or several as YAML, or - for stdin',
      },
      version: { type: 'string', value: 'NAME', summary: 'its name (default: from the tag of the image)' },
      ...wish,
    },
    run: async (input, io) => (await import('./candidate.js')).candidate(input, io),
  },
  pause: {
    summary: 'hold a release where it is; what fails is rolled back all the same',
    argument: '[release]',
    options: { all, ...wish },
    run: async (input, io) => (await import('./people/pause.js')).pause(input, io),
  },
  resume: {
    summary: 'let a paused release go on',
    argument: '[release]',
    options: { all, ...wish },
    run: async (input, io) => (await import('./people/pause.js')).resume(input, io),
  },
  promote: {
    summary: 'make a candidate the primary now',
    argument: '[release]',
    options: {
      version: { type: 'string', value: 'NAME', summary: 'which one (default: the only candidate)' },
      ...wish,
    },
    run: async (input, io) => (await import('./people/promote.js')).promote(input, io),
  },
  rollback: {
    summary: 'take the traffic from the candidate, or go back to the former primary; asks no metrics',
    argument: '[release]',
    options: {
      to: { type: 'string', value: 'COMMIT', summary: 'bring its values back to what they were there' },
      all,
      ...wish,
    },
    run: async (input, io) => (await import('./people/rollback.js')).rollback(input, io),
  },
  abort: {
    summary: 'end an analysis before it concludes',
    argument: '[release]',
    options: { all, ...wish },
    run: async (input, io) => (await import('./people/abort.js')).abort(input, io),
  },
  freeze: {
    summary: 'hold every release, or one, until a time; what fails is rolled back all the same',
    argument: '[release]',
    options: {
      until: { type: 'string', value: 'TIME', summary: 'when it ends: 2026-12-27T08:00:00Z, or 12h from now' },
      ...wish,
    },
    run: async (input, io) => (await import('./people/freeze.js')).freeze(input, io),
  },
  unfreeze: {
    summary: 'end the freeze of every release, or that of one',
    argument: '[release]',
    options: wish,
    run: async (input, io) => (await import('./people/freeze.js')).unfreeze(input, io),
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
  status: {
    summary: 'say where releases stand: phase, candidate, verdict, and what comes next',
    argument: '[release]',
    options: {
      watch: { type: 'boolean', short: 'w', summary: 'show it again whenever it changes, until Ctrl-C' },
      live: { type: 'boolean', summary: 'ask the metrics source as the next pass would; nothing is written' },
      output: json,
    },
    run: async (input, io) => (await import('./status.js')).status(input, io),
  },
  history: {
    summary: 'list the decisions as Git tells them: when, what, why, by whom, on what evidence',
    argument: '[release]',
    options: {
      number: { type: 'string', short: 'n', value: 'N', summary: 'the newest so many (default: 20)' },
      since: { type: 'string', value: 'TIME', summary: "a date or a distance as git reads it, such as '2 weeks ago'" },
      verbose: { type: 'boolean', short: 'v', summary: 'the whole reason, the evidence, and who with what address' },
      output: json,
    },
    run: async (input, io) => (await import('./history.js')).history(input, io),
  },
  replay: {
    summary: 'make committed decisions again, offline, and say whether they come out the same',
    argument: '[commit|range, release...]',
    options: {
      all: { type: 'boolean', summary: 'every decision, in place of a commit' },
      judge: { type: 'string', value: 'NAME', summary: 'show what another judge would have said, too' },
      output: json,
    },
    run: async (input, io) => (await import('./replay.js')).replay(input, io),
  },
  metrics: {
    summary: 'list the metrics of a release with what is asked for them',
    argument: '<release>',
    options: {
      try: { type: 'boolean', summary: 'ask for the last five windows, and show what came back' },
      output: json,
    },
    run: async (input, io) => (await import('./metrics.js')).metrics(input, io),
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
