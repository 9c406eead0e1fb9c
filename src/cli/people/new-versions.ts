import { resolve } from 'node:path';
import * as z from 'zod';
import { ConfigError, type Problem } from '../../errors.js';
import type { JsonObject } from '../../release/json.js';
import { primaryOf } from '../../release/model.js';
import { checkShape } from '../../values/check-shape.js';
import type { LoadedValues } from '../../values/load.js';
import { configError, parseSourceText, type SourceText } from '../../values/source-text.js';
import { Version } from '../../values/values.js';
import type { OptionValues } from '../command.js';
import type { Io } from '../io.js';
import { readStdin, readText } from '../read-text.js';

type Entry = z.infer<typeof Version>;

/** Versions that are to be added. */
export interface NewVersions {
  /** Returns their entries for a release: each has a name, and none has traffic. */
  entriesFor(loaded: LoadedValues): readonly { readonly name: string; readonly entry: JsonObject }[];
  /** Where they are written already; undefined where they follow from the options. */
  readonly source: SourceText | undefined;
}

/**
 * Returns the versions that the options of `candidate` ask for.
 *
 * @throws ConfigError with positions in the file that is given, or for options that do not go together
 */
export async function newVersions(options: OptionValues, io: Io): Promise<NewVersions> {
  const { image, from, version } = options;
  if ((image === undefined) === (from === undefined)) throw oneOfTwo(image !== undefined);
  const named = version === undefined ? undefined : String(version);
  if (from !== undefined) return versionsIn(await sourceOf(String(from), io), named);
  const given = String(image);
  if (given.trim() === '') throw noImage();
  return {
    source: undefined,
    entriesFor(loaded) {
      const name = named ?? nameFromTag(loaded.release.model.name, given);
      return [{ name, entry: entryOf(loaded, { ...likePrimary(loaded), image: given }, name) }];
    },
  };
}

async function sourceOf(from: string, io: Io): Promise<SourceText> {
  if (from === '-') return parseSourceText(await readStdin(io.stdin), 'stdin');
  return parseSourceText(readText(resolve(io.cwd, from), from), from);
}

function versionsIn(source: SourceText, named: string | undefined): NewVersions {
  const isList = Array.isArray(source.data);
  const entries: readonly Entry[] = isList
    ? checkShape(source, z.array(Version).min(1))
    : [checkShape(source, Version)];
  if (named !== undefined && entries.length > 1) {
    throw new ConfigError(`Cannot call ${entries.length} versions ${named}: each needs a name of its own`, {
      code: 'cli/arguments',
      path: source.file,
      hint: 'Leave --version out, and name them in the file: metadata: {name: NAME}.',
    });
  }
  return {
    source,
    entriesFor(loaded) {
      const faults = entries.flatMap((entry, i) => exposureFaults(loaded, entry, { source, at: isList ? [i] : [] }));
      if (faults.length > 0) throw configError(faults);
      return entries.map((entry) => {
        const name = named ?? entry.metadata?.name ?? nameFromTag(loaded.release.model.name, entry.image ?? '');
        return { name, entry: entryOf(loaded, entry, name) };
      });
    },
  };
}

/** A version that nobody has looked at enters without traffic, whatever its file says. */
function exposureFaults(
  { release }: LoadedValues,
  { weight = 0, routed }: Entry,
  { source, at }: { readonly source: SourceText; readonly at: readonly number[] },
): Problem[] {
  const hint = 'Take it out of the file; sluice evaluate lets the version in.';
  if (weight !== 0) {
    return [source.problem([...at, 'weight'], `is ${weight}, but a candidate is added without traffic`, { hint })];
  }
  if (routed !== true || release.strategy.needs !== 'match') return [];
  return [source.problem([...at, 'routed'], 'is true, but a candidate is added without traffic', { hint })];
}

/** The primary's entry: what the application needs to run stays. */
function likePrimary({ values, release: { model } }: LoadedValues): Partial<Entry> {
  return values.application.versions[model.versions.indexOf(primaryOf(model))] ?? {};
}

/** What routed the version goes, except for the match that a canary enters with. */
function entryOf({ release: { strategy } }: LoadedValues, given: Partial<Entry>, name: string): JsonObject {
  const { metadata, match, matches, weight: _, routed: __, image, ...like } = given;
  const entry = {
    metadata: { ...metadata, name },
    ...like,
    ...(image !== undefined && { image }),
    ...(strategy.needs === 'match'
      ? { routed: false, ...(match && { match }), ...(matches && { matches }) }
      : { weight: 0 }),
  };
  return JSON.parse(JSON.stringify(entry)) as JsonObject;
}

function nameFromTag(application: string, image: string): string {
  const [reference = ''] = image.split('@');
  const tag = /:([^:/]+)$/.exec(reference)?.[1];
  const suffix = tag
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (suffix) return `${application}-${suffix}`;
  throw new ConfigError(`Cannot name the version after the tag of ${image === '' ? 'its image' : image}: it has none`, {
    code: 'cli/no-tag',
    hint: `Add --version NAME, such as --version ${application}-v2.`,
  });
}

function noImage(): ConfigError {
  return new ConfigError('Cannot add a version without an image: --image is empty', {
    code: 'cli/arguments',
    hint: 'Name the image that it runs, such as --image registry.example/reviews:v2.',
  });
}

function oneOfTwo(both: boolean): ConfigError {
  return new ConfigError(`Cannot tell what to add: ${both ? '--image and --from' : 'neither --image nor --from'}`, {
    code: 'cli/arguments',
    hint: 'Give one of the two: --image registry.example/reviews:v2, or --from FILE.',
  });
}
