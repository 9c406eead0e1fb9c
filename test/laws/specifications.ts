import fc from 'fast-check';
import type { Environment } from '../../src/release/environment.js';
import type { WrittenVersion } from './releases.js';

/** What a version is given in place of what would be generated; undefined is nothing. */
export type Wish = 'workload' | 'metadata' | 'service' | undefined;

export const wishes = fc.constantFrom<Wish>('workload', 'metadata', 'service');

interface Context {
  readonly wish: Wish;
  readonly environment: Environment;
  /** Of the version, so that no two are given the same names or labels. */
  readonly position: number;
}

/** Returns the version with a specification of the sort that its environment takes. */
export function specified(version: WrittenVersion, { wish, environment, position }: Context): WrittenVersion {
  const { name } = version.metadata ?? {};
  if (wish === undefined || version.external !== undefined) return version;
  if (environment.workloads === 'InferenceService') return withInferenceService(version, wish, position);
  if (wish === 'service') {
    return { ...version, serviceSpecification: { ...given(version), metadata: { name: `given-${position}` } } };
  }
  const { image, deployment: _, ...rest } = version;
  if (wish === 'metadata') return { ...version, deploymentSpecification: { metadata: { labels: { team: 'e' } } } };
  // The default name is made of the release's, which is not known here.
  if (name === undefined) return version;
  // The Service finds the pods by the label that Iter8 expects of them.
  const labels = { app: name, track: 'given' };
  const pod = { metadata: { labels }, spec: { containers: [{ name: 'main', image }] } };
  return { ...rest, deploymentSpecification: { spec: { selector: { matchLabels: labels }, template: pod } } };
}

function given({ serviceSpecification }: WrittenVersion): object {
  return typeof serviceSpecification === 'object' && serviceSpecification !== null ? serviceSpecification : {};
}

function withInferenceService(version: WrittenVersion, wish: Wish, position: number): WrittenVersion {
  const { storageUri, protocolVersion, runtime: _, inferenceService: __, ...rest } = version;
  const model = { modelFormat: { name: 'sklearn' }, storageUri, ...(wish === 'service' && { protocolVersion: 'v1' }) };
  const metadata = wish === 'workload' ? {} : { name: `given-${position}` };
  if (wish === 'metadata') return { ...version, inferenceServiceSpecification: { metadata } };
  return { ...rest, inferenceServiceSpecification: { metadata, spec: { predictor: { model } } } };
}

/** The name that a specification gives to what receives requests. */
export function specifiedName(version: WrittenVersion | undefined): string | undefined {
  const { serviceSpecification, inferenceServiceSpecification } = (version ?? {}) as Record<string, Named | undefined>;
  return serviceSpecification?.metadata?.name ?? inferenceServiceSpecification?.metadata?.name;
}

interface Named {
  readonly metadata?: { readonly name?: string };
}
