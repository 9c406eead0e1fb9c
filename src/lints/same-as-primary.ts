import { isDeepStrictEqual } from 'node:util';
import type { Values } from '../values/values.js';
import { versionPath } from '../values/version-path.js';
import type { Lint } from './lint.js';

/** A candidate that runs what the primary runs: an analysis of it learns nothing, unless that is the question. */
export const sameAsPrimary: Lint = {
  id: 'same-as-primary',
  severity: 'warning',
  find({ loaded: { values, release } }) {
    const { versions, primary } = release.model;
    const contents = values.application.versions.map(contentOf);
    const own = versions.findIndex(({ name }) => name === primary);
    return versions.flatMap(({ name, baselineOf }, position) =>
      position === own || baselineOf !== undefined || !isDeepStrictEqual(contents[position], contents[own])
        ? []
        : [
            {
              path: versionPath(position),
              message: `${name} is the same as the primary ${primary} but for its name`,
              hint: 'Give it the image or the settings that are to be tried; or remove it.',
            },
          ],
    );
  },
};

/** What a version runs, without its name and without what routes to it. */
function contentOf({ metadata, weight: _, routed: __, match: ___, matches: ____, ...entry }: Version): object {
  const { name: _____, ...rest } = metadata ?? {};
  return { ...entry, ...rest };
}

type Version = Values['application']['versions'][number];
