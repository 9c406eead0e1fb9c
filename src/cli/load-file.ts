import { resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { defaultNamespace } from '../release/model.js';
import { DnsLabel, nameHint, ServiceName } from '../values/dns-label.js';
import { type LoadedValues, loadValues } from '../values/load.js';
import type { Io } from './io.js';
import { readStdin, readText } from './read-text.js';

/** A values file outside of a workspace. */
export interface FileOptions {
  /** A path, or `-` for stdin. */
  readonly file: string;
  readonly name?: string | undefined;
  /** @default default */
  readonly namespace?: string | undefined;
}

/**
 * Reads one values file.
 *
 * @throws ConfigError when the file or the options cannot be used
 */
export async function loadFile(options: FileOptions, io: Io): Promise<LoadedValues> {
  const { file, name, namespace = defaultNamespace } = options;
  assertLabel('--name', name);
  assertLabel('--namespace', namespace);
  const text = file === '-' ? await readStdin(io.stdin) : readText(resolve(io.cwd, file), file);
  const shown = file === '-' ? 'stdin' : file;
  const loaded = loadValues(text, { file: shown, name: name ?? 'unnamed', namespace });
  if (name === undefined && loaded.values.application.metadata?.name === undefined) {
    throw new ConfigError(
      `Cannot name the release of ${shown} as its values do: they give no application.metadata.name`,
      {
        code: 'cli/arguments',
        hint: 'Add --name NAME.',
      },
    );
  }
  return loaded;
}

function assertLabel(option: '--name' | '--namespace', word: string | undefined): void {
  if (word === undefined || (option === '--name' ? ServiceName : DnsLabel).safeParse(word).success) return;
  throw new ConfigError(`Cannot use ${option} as a DNS label: ${JSON.stringify(word)}`, {
    code: 'cli/arguments',
    hint: nameHint,
  });
}
