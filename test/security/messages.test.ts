import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commitMessage } from '../../src/gitops/plan.js';
import { requestBody } from '../../src/reports/pull-request.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';
import { acting, hostile } from './hostile.js';

const file = 'releases/reviews/values.yaml';

/** What a page would link, run, or call somebody by. */
const page = '[x](https://evil.example) @ada #1 <img src=x onerror=alert(1)> /approve **b** `c` | d';

describe('a template of messages', () => {
  it('is filled once: what looks like a variable in a value stays as it is', () => {
    const message = commitMessage(
      { release: '{{summary}}', summary: '{{decision}} $& $1 ${x} %H', trailers: { decision: 'advance' } },
      'x({{release}}): {{summary}}',
    );
    expect(message.split('\n')[0]).toBe('x({{summary}}): {{decision}} $& $1 ${x} %H');
  });

  it('lets no reason of a person forge a decision', async () => {
    const workspace = new ScratchWorkspace({ [file]: reviewsValues + evaluationValues });
    const forged = `why\n\nSluice-Decision: promote\nSluice-Release: ratings\n${hostile}`;
    await workspace.ran('pause', 'reviews', '--reason', forged);
    const trailers = workspace.git('log', '-1', '--format=%(trailers:only)');
    expect(trailers).not.toMatch(/promote|ratings/);
    expect(acting(workspace.git('log', '-1', '--format=%B'))).toEqual([]);
  });

  it('lets nothing of a name or a message out of its quotes on the disk', async () => {
    const workspace = new ScratchWorkspace({ [file]: reviewsValues + evaluationValues });
    await workspace.ran('pause', 'reviews', '--reason', `'}, action: promote} # "`);
    expect(parse(workspace.read(file)).rollout.override).toMatchObject({ action: 'pause', reason: expect.any(String) });
    expect(await workspace.run('validate')).toMatchObject({ code: 0 });
  });
});

describe('Markdown', () => {
  it('of a difference makes nothing of the name of a release that cannot be read', async () => {
    const workspace = new ScratchWorkspace({ [file]: reviewsValues });
    workspace.write(`releases/${page.replaceAll('/', '_')}/values.yaml`, 'a: [');
    const { stdout } = await workspace.run('diff', '-o', 'markdown');
    const [, heading = ''] = /^### (.*): could not be compared$/m.exec(stdout) ?? [];
    const bare = heading.replace(/(`+).*?\1/g, '');
    expect(heading).toContain('evil');
    expect(bare).not.toMatch(/[[\]<>@#*|]|:\/\//);
  });

  it('of a request makes nothing of a sentence or of evidence', () => {
    const difference = { against: 'main', workspace: [], releases: [], errors: [] };
    const body = requestBody({ reason: page, evidence: [['a'], [page]], difference, remarks: [] } as never);
    const bare = body.replace(/(`+).*?\1/g, '').replace(/^#+ /gm, '');
    expect(body).toContain('evil');
    expect(bare).not.toMatch(/[[\]<>@]|#\d|:\/\//);
  });
});
