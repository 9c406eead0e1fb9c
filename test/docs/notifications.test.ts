import { describe, expect, it } from 'vitest';
import { notify } from '../../src/notify/notify.js';
import { bodyVariables } from '../../src/values/project/notification-template.js';
import { eventKinds } from '../../src/values/project/notifications.js';
import { loadProject } from '../../src/values/project.js';
import { ScratchRepository } from '../gitops/scratch-repository.js';
import { rollBack } from '../notify/ground.js';
import { Listener, status } from '../notify/listener.js';
import { blocks, page } from './pages.js';

const { text, path } = page('docs/notifications.md');
const block = (language: string) => blocks({ text, path }, language).map((each) => each.text);

describe('docs/notifications.md', () => {
  it('has settings that can be used', async () => {
    const settings = block('yaml').map((yaml) => loadProject(yaml, 'sluice.yaml'));
    expect(settings.map(({ notifications }) => notifications.map(({ kind }) => kind))).toEqual([
      ['slack', 'webhook', 'github-status', 'github-comment'],
    ]);
    const [webhook] = settings[0]?.notifications.slice(1, 2) ?? [];
    const server = await Listener.start();
    const folder = new ScratchRepository({ a: '' }).root;
    await notify([rollBack], {
      ...{ folder, git: loadProject('{}', 'sluice.yaml').git, isPublished: true },
      notifications: webhook === undefined ? [] : [{ ...webhook, url: { env: 'URL' }, on: ['roll back'] }],
      looked: { releases: [], known: [] },
      env: { URL: server.url, PAGER_AUTHORIZATION: 'Token x' },
    });
    expect(server.bodies).toEqual([
      { title: 'reviews: roll back reviews-v2 5 % → 0 %', body: rollBack.reason, link: '' },
    ]);
  });

  it('names every event and every variable, and no other', () => {
    const events = [...text.matchAll(/^\| `([a-z ]+)` \| [^|]*\|$/gm)].map(([, name]) => name);
    const kinds = ['slack', 'webhook'];
    expect(events.filter((name) => !kinds.includes(name ?? '')).sort()).toEqual([...eventKinds].sort());
    const variables = [...text.matchAll(/`\{\{(\w+)\}\}`/g)].map(([, name]) => name);
    expect([...new Set(variables)].sort()).toEqual([...bodyVariables].sort());
  });

  it('shows the report as it is', async () => {
    const [good, bad] = [await Listener.start(), await Listener.start(status(404, {}, 'no such hook'))];
    const yaml = 'notifications: [{kind: slack, url: {env: GOOD}}, {kind: webhook, url: {env: BAD}}]\n';
    const { notifications, git } = loadProject(yaml, 'sluice.yaml');
    const env = { GOOD: good.url, BAD: bad.url };
    const folder = new ScratchRepository({ a: '' }).root;
    const audience = { notifications, git, folder, isPublished: true, env };
    const deliveries = await notify([rollBack], { ...audience, looked: { releases: [], known: [] } });
    expect(block('json').map((json) => JSON.parse(json))).toEqual([{ notifications: deliveries }]);
  });
});
