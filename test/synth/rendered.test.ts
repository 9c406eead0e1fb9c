import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { inventoryOf, planRendered } from '../../src/synth/rendered.js';
import { releaseOf, twoVersions } from '../release-of.js';

const release = releaseOf(twoVersions('istio', 'blue-green'));
const shop = { id: 'team/shop', file: 'releases/team/shop/values.yaml', release };
const inventory = 'rendered/.sluice-inventory';

function folder(files: Record<string, string> = {}) {
  return { path: 'rendered', read: (path: string) => files[path] };
}

/** Returns the files after the plan was carried out on these. */
function carriedOut(
  releases: Parameters<typeof planRendered>[0],
  files: Record<string, string>,
): Record<string, string> {
  const result = { ...files };
  const { manifests, listed } = planRendered(releases, folder(files));
  const inventory = inventoryOf(folder(files), listed);
  for (const { path, content } of [...manifests, ...(inventory ? [inventory] : [])]) {
    if (content === null) delete result[path];
    else result[path] = content;
  }
  return result;
}

describe('planRendered', () => {
  test('writes the manifests of a release under its id, and lists them', () => {
    const files = carriedOut([shop], {});
    expect(Object.keys(files).sort()).toEqual([inventory, 'rendered/team/shop/manifests.yaml']);
    expect(files[inventory]).toContain('team/shop/manifests.yaml\n');
  });

  test('names no file whose text is right already', () => {
    const files = folder(carriedOut([shop], {}));
    const { manifests, listed } = planRendered([shop], files);
    expect([manifests, inventoryOf(files, listed)]).toEqual([[], undefined]);
  });

  test('removes the file of a release that is gone, and nothing that it did not write', () => {
    const files = { ...carriedOut([shop], {}), 'rendered/team/other/manifests.yaml': 'a person wrote this' };
    expect(Object.keys(carriedOut([], files)).sort()).toEqual([inventory, 'rendered/team/other/manifests.yaml']);
  });

  test('keeps what was rendered of a release whose values are broken now', () => {
    const files = carriedOut([shop], {});
    expect(carriedOut([{ ...shop, release: undefined }], files)).toEqual(files);
  });

  test('lists and never removes what a sparse checkout leaves out, and sees by its id that it is right', () => {
    const files = carriedOut([shop], {});
    const { 'rendered/team/shop/manifests.yaml': manifests, ...seen } = files;
    const sparse = (says: string | undefined) => {
      const leftOut = {
        has: (path: string) => path === 'rendered/team/shop/manifests.yaml',
        holds: (path: string, text: string) => leftOut.has(path) && text === says,
      };
      return { ...folder(seen), leftOut };
    };
    expect(planRendered([], sparse(manifests))).toMatchObject({ manifests: [], listed: ['team/shop/manifests.yaml'] });
    expect(planRendered([shop], sparse(manifests)).manifests).toEqual([]);
    expect(planRendered([shop], sparse('other'))).toMatchObject({
      manifests: [{ path: 'rendered/team/shop/manifests.yaml', content: manifests }],
      listed: ['team/shop/manifests.yaml'],
    });
  });

  test("writes over no file of a person's, does not list it, and goes on with the others", () => {
    const mine = { 'rendered/team/shop/manifests.yaml': 'kind: Mine\n' };
    const blog = { ...shop, id: 'team/blog' };
    const { manifests, listed, foreign } = planRendered([shop, blog], folder(mine));
    expect(manifests.map(({ path }) => path)).toEqual(['rendered/team/blog/manifests.yaml']);
    expect(listed).toEqual(['team/blog/manifests.yaml']);
    expect(foreign.map(({ path }) => path)).toEqual(['rendered/team/shop/manifests.yaml']);
  });

  test.each(['../outside.yaml', '/etc/passwd', 'a/../../b', 'a//b', 'a\\b'])(
    'refuses %s in the inventory, with its line',
    (path) => {
      const files = { [inventory]: `# a comment\n${path}\n` };
      const plan = () => planRendered([], folder(files));
      expect(plan).toThrow(ConfigError);
      try {
        plan();
      } catch (error) {
        expect((error as ConfigError).problems[0]).toMatchObject({ file: inventory, line: 2 });
      }
    },
  );
});
