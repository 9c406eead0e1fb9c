import { describe, expect, it } from 'vitest';
import type { Difference } from '../../src/reports/difference.js';
import { differenceMarkdown } from '../../src/reports/difference-markdown.js';

function difference(texts: readonly string[], diff = '@@ -1 +1 @@\n-a\n+b\n'): Difference {
  const changes = texts.map((text) => ({ kind: 'image', risk: 'medium', text }) as const);
  const objects = [{ object: 'Deployment shop/reviews', status: 'changed', diff } as const];
  return {
    against: 'main',
    workspace: [],
    errors: [],
    releases: [{ release: 'shop', status: 'changed', changes, objects }],
  };
}

describe('differenceMarkdown()', () => {
  it('says the words first and folds the YAML away', () => {
    const high = { kind: 'share', risk: 'high', text: 'candidate v2: 10 % → 20 %' } as const;
    const base = difference(['image v1 → v2']);
    const releases = base.releases.map((release) => ({ ...release, changes: [high, ...release.changes] }));
    expect(differenceMarkdown({ ...base, releases })).toBe(
      [
        '## sluice diff against `main`\n\n### shop\n\n- **candidate v2: 10 % → 20 %**\n- image v1 → v2\n',
        '<details><summary>1 object: 1 changed</summary>\n',
        'Deployment shop/reviews changed\n',
        '```diff\n@@ -1 +1 @@\n-a\n+b\n```\n',
        '</details>\n',
      ].join('\n'),
    );
  });

  it.each(['shop@sha256:0a', 'a *bold* tag', '<img src=x>', 'closes #1', 'https://x.example', 'a | b', '`code`'])(
    'neither formats nor links nor calls anybody by %s',
    (text) => {
      const line = differenceMarkdown(difference([text]))
        .split('\n')
        .find((each) => each.startsWith('- '));
      expect(line).toMatch(/^- (`+) ?.* ?\1$/);
      expect(line).toContain(text);
    },
  );

  it('closes no fence by a fence in the YAML', () => {
    const page = differenceMarkdown(difference(['x'], '@@ -1 +1 @@\n-```\n+````\n'));
    expect(page).toContain('`````diff\n@@ -1 +1 @@\n-```\n+````\n`````\n');
  });

  it('leaves the YAML out where a comment would be too long', () => {
    const page = differenceMarkdown(difference(['image v1 → v2'], `@@ -1 +1 @@\n+${'x'.repeat(70_000)}\n`));
    expect(page.length).toBeLessThan(1000);
    expect(page).toContain('- image v1 → v2\n\n_1 object: 1 changed; too long for a comment');
  });

  it('says that there is no difference, and what could not be compared', () => {
    const nothing: Difference = { against: 'main', workspace: [], releases: [], errors: [] };
    expect(differenceMarkdown(nothing)).toBe('## sluice diff against `main`\n\nno difference from main\n');
    const error = { release: 'shop', side: 'main', message: 'values.yaml:1:1 x', problems: [] };
    expect(differenceMarkdown({ ...nothing, errors: [error] })).toBe(
      '## sluice diff against `main`\n\n### shop: could not be compared\n\nOn `main`:\n\n```\nvalues.yaml:1:1 x\n```\n',
    );
  });
});
