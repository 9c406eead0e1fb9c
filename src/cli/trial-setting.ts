import { isSluiceError } from '../errors.js';
import { primaryOf } from '../release/model.js';
import type { Setting } from '../synth/chart/chart-readme.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import { parseSourceText } from '../values/source-text.js';

/** Weights to try: neither all nor nothing first. */
const weights = [30, 20, 50, 100];

/**
 * Returns a change of one key of a version that the chart of these values takes and that is none yet, of a candidate
 * where there is one. Undefined where nothing is known that would not be refused.
 */
export function trialSetting(loaded: LoadedValues): Setting | undefined {
  const { model, strategy } = loaded.release;
  const last = model.versions.length - 1;
  const candidate = model.versions.findLastIndex((version) => version !== primaryOf(model));
  const position = candidate === -1 ? last : candidate;
  const { weight, routed, image, model: served } = model.versions[position] ?? {};
  const weighs = strategy.needs === 'weight' || strategy.needs === 'mirror';
  const trials: Change[] = [
    ...(weighs ? weights.filter((each) => each !== weight).map((value) => ({ key: 'weight', value })) : []),
    ...(strategy.needs === 'match' ? [{ key: 'routed', value: !routed }] : []),
    ...(image === undefined ? [] : [{ key: 'image', value: 'registry.example/app:next' }]),
    ...(served?.storageUri === undefined ? [] : [{ key: 'storageUri', value: 'gs://models/next' }]),
  ];
  const taken = trials.find((change) => isTaken(loaded, position, change));
  return taken && { position, key: taken.key, value: String(taken.value) };
}

/** Of one key of a version. */
interface Change {
  readonly key: string;
  readonly value: number | boolean | string;
}

function isTaken(loaded: LoadedValues, position: number, { key, value }: Change): boolean {
  const data = structuredClone(parseSourceText(loaded.text, loaded.file).data) as RawValues;
  const version = data.application.versions[position];
  if (version === undefined) return false;
  version[key] = value;
  try {
    // The file may be written in a way that no line of it can be changed alone.
    reloadValues(loaded, JSON.stringify(data));
    return true;
  } catch (error) {
    if (isSluiceError(error)) return false;
    throw error;
  }
}

interface RawValues {
  readonly application: { readonly versions: Record<string, unknown>[] };
}
