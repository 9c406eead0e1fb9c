import { dirname } from 'node:path/posix';
import { ConfigError } from '../../errors.js';
import type { Target } from '../../evaluate/changes.js';
import { identityOf } from '../../evaluate/identity.js';
import { parseStatus, type Status } from '../../evaluate/status.js';
import { type Files, Overtaken } from '../../gitops/proposal.js';
import { candidatesOf, versionNamed } from '../../release/model.js';
import type { LoadedValues } from '../../values/load.js';
import { valuesNow } from '../stale.js';
import type { ReleaseEntry } from '../workspace.js';

/** A release as it stands when a command is planned. */
export interface Standing {
  readonly id: string;
  readonly file: string;
  readonly loaded: LoadedValues;
  readonly status: Status;
  readonly files: Files;
}

/**
 * Returns a release as the files have it by now.
 *
 * @throws ConfigError with every position when its values or its status are broken
 */
export function standingOf({ id, file, loaded }: ReleaseEntry, files: Files): Standing | Overtaken {
  if (loaded instanceof ConfigError) throw loaded;
  const now = valuesNow(loaded, files);
  if (now === undefined) return new Overtaken(`${file} is gone`);
  return { id, file, loaded: now, status: statusIn(files, file), files };
}

/** Returns what is remembered of a release. @throws ConfigError with positions when a person broke it */
export function statusIn(files: Files, file: string): Status {
  const path = statusFile(file);
  return parseStatus(files.read(path), path);
}

/** Returns where the status lies beside a values file. */
export function statusFile(file: string): string {
  return `${dirname(file)}/status.yaml`;
}

/** Returns where the evidence lies beside a values file. */
export function ledgerFile(file: string): string {
  return `${dirname(file)}/ledger.jsonl`;
}

/** Returns the versions beside the primary that have traffic, the one that was decided on last at first. */
export function exposedIn({ loaded, status }: Standing): string[] {
  const { model, strategy } = loaded.release;
  const names = candidatesOf(model).map(({ name }) => name);
  const exposed = names.filter((name) => strategy.exposureOf(model, name) > 0);
  return exposed.toSorted((a, b) => Number(b === status.candidate) - Number(a === status.candidate));
}

/**
 * Returns the primary before the one that a person has just written into the values, where no pass has completed that
 * yet: the two still divide the traffic as before, and neither is a candidate.
 */
export function replacedByHand({ loaded, status }: Standing): string | undefined {
  const { primary, versions } = loaded.release.model;
  return versions.find(({ name }) => name === status.primary && name !== primary)?.name;
}

/** Returns the versions beside the primary that have no traffic and may be let in, as they are not settled. */
export function waitingIn(standing: Standing): string[] {
  const { loaded, status } = standing;
  const { model } = loaded.release;
  const exposed = exposedIn(standing);
  const names = candidatesOf(model).map(({ name }) => name);
  return names.filter((name) => {
    const identity = identityOf(loaded, name);
    const settled = status.settled.some((entry) => entry.name === name && entry.identity === identity);
    return !settled && !exposed.includes(name);
  });
}

/** Returns what a decision on these versions is made of; the first one is the one that it is about. */
export function targetOf({ id, loaded, status }: Standing, [name = '', ...others]: readonly string[]): Target {
  const { model, strategy } = loaded.release;
  const share = name === model.primary ? 100 : strategy.exposureOf(model, name);
  return { id, loaded, status, situation: { candidate: versionNamed(model, name), share, others } };
}
