import { resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { defaultNamespace } from '../release/model.js';
import { manifestsOf } from '../synth/manifests.js';
import { toYamlStream } from '../synth/yaml-writer.js';
import { DnsLabel, nameHint, ServiceName } from '../values/dns-label.js';
import { loadValues } from '../values/load.js';
import { exitCodes, type Io } from './io.js';
import { readStdin, readText } from './read-text.js';
import { reportNotices } from './report-error.js';

/** The options of `sluice synth`. */
export interface SynthOptions {
  readonly file?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/**
 * Prints the manifests of one values file.
 *
 * @throws ConfigError when the file or the options cannot be used
 */
export async function synthFile(options: SynthOptions & { readonly file: string }, io: Io): Promise<number> {
  const { file, name, namespace = defaultNamespace } = options;
  assertLabel('--name', name);
  assertLabel('--namespace', namespace);
  const text = file === '-' ? await readStdin(io.stdin) : readText(resolve(io.cwd, file), file);
  const shown = file === '-' ? 'stdin' : file;
  const { values, release, notices } = loadValues(text, { file: shown, name: name ?? 'unnamed', namespace });
  if (name === undefined && values.application.metadata?.name === undefined) {
    throw new ConfigError(
      `Cannot name the release of ${shown} as its values do: they give no application.metadata.name`,
      {
        code: 'cli/arguments',
        hint: 'Add --name NAME.',
      },
    );
  }
  reportNotices(notices, io.stderr);
  io.stdout.write(toYamlStream(manifestsOf(release)));
  return exitCodes.done;
}

function assertLabel(option: '--name' | '--namespace', word: string | undefined): void {
  if (word === undefined || (option === '--name' ? ServiceName : DnsLabel).safeParse(word).success) return;
  throw new ConfigError(`Cannot use ${option} as a DNS label: ${JSON.stringify(word)}`, {
    code: 'cli/arguments',
    hint: nameHint,
  });
}
