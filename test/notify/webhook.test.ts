import { describe, expect, it } from 'vitest';
import { rollBack, Teller } from './ground.js';
import { Listener } from './listener.js';

async function sent(settings: string, event = rollBack) {
  const server = await Listener.start();
  const yaml = `notifications:\n- kind: webhook\n  url: {env: HOOK}\n${settings.replace(/^(?=.)/gm, '  ')}`;
  const teller = new Teller(yaml, { HOOK: `${server.url}/hook?key=1`, TOKEN: 'Bearer pl4nted' });
  expect(await teller.tell([event])).toEqual([{ kind: 'webhook', delivered: true, messages: 1 }]);
  const [heard] = server.heard;
  if (heard === undefined) throw new Error('nothing was sent');
  return heard;
}

const evil = { ...rollBack, reason: '"}, {"admin": true, "x": "{{commit}} \\ \u2028 &a=b' };

describe('webhook', () => {
  it('sends the whole event as JSON', async () => {
    const { method, path, headers, body } = await sent('');
    expect({ method, path }).toEqual({ method: 'POST', path: '/hook?key=1' });
    expect(headers['content-type']).toBe('application/json');
    const { kind: event, commit, candidate, summary, reason, releases } = rollBack;
    const rest = { release: 'reviews', code: '', link: '' };
    expect(JSON.parse(body)).toEqual({ event, commit, candidate, summary, reason, releases, ...rest });
  });

  it('sends method, headers and template as they are set', async () => {
    const { method, headers, body } = await sent(
      'method: PUT\nheaders: {X-Source: sluice, Authorization: {env: TOKEN}}\n' +
        'template: \'{"text": "{{release}}: {{ summary }}", "all": {{json}}}\'\n',
    );
    expect(method).toBe('PUT');
    expect(headers).toMatchObject({ 'x-source': 'sluice', authorization: 'Bearer pl4nted' });
    expect(JSON.parse(body)).toMatchObject({
      text: 'reviews: roll back reviews-v2 5 % → 0 %',
      all: { event: 'roll back' },
    });
  });

  it('sends nothing where SLUICE_SECRETS does not name a secret that it asks for', async () => {
    const server = await Listener.start();
    const yaml = 'notifications: [{kind: webhook, url: {env: HOOK}, headers: {X: {env: AWS_SECRET_ACCESS_KEY}}}]\n';
    const env = { HOOK: server.url, AWS_SECRET_ACCESS_KEY: 'pl4nted', SLUICE_SECRETS: 'HOOK' };
    expect(await new Teller(yaml, env).tell([rollBack])).toEqual([
      {
        ...{ kind: 'webhook', delivered: false, messages: 0 },
        error:
          'Cannot read the header X of webhook from the variable AWS_SECRET_ACCESS_KEY: SLUICE_SECRETS does not name it',
      },
    ]);
    expect(server.heard).toEqual([]);
  });

  it('lets no value end the string or the field that it stands in', async () => {
    const { body } = await sent('template: \'{"text": "{{reason}}"}\'\n', evil);
    expect(JSON.parse(body)).toEqual({ text: '"}, {"admin": true, "x": "{{commit}} \\ &a=b' });
    const form = await sent('template: text={{reason}}&to=all\ncontentType: application/x-www-form-urlencoded\n', evil);
    expect([...new URLSearchParams(form.body).keys()]).toEqual(['text', 'to']);
    const text = await sent('template: "{{reason}}"\ncontentType: text/plain\n', evil);
    expect(text.body).toBe('"}, {"admin": true, "x": "{{commit}} \\ &a=b');
  });
});
