import { describe, expect, it } from 'vitest';
import type { ReleaseEvent } from '../../src/notify/event.js';
import { rollBack, Teller } from './ground.js';
import { Listener } from './listener.js';

interface Text {
  readonly type: string;
  readonly text: string;
  readonly verbatim: boolean;
}
interface Slack {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly text?: Text; readonly elements?: readonly Text[] }[];
}

async function sent(events: readonly ReleaseEvent[]): Promise<Slack> {
  const server = await Listener.start();
  const teller = new Teller('notifications: [{kind: slack, url: {env: SLACK_URL}}]\n', {
    SLACK_URL: `${server.url}/T`,
  });
  teller.repository.git('remote', 'add', 'origin', 'git@github.com:ada/cells.git');
  expect(await teller.tell(events)).toEqual([{ kind: 'slack', delivered: true, messages: 1 }]);
  expect(server.heard).toHaveLength(1);
  return server.bodies[0] as Slack;
}

function texts({ text, blocks }: Slack): string[] {
  return [
    text,
    ...blocks.flatMap((block) => [block.text, ...(block.elements ?? [])]).flatMap((each) => each?.text ?? []),
  ];
}

describe('slack', () => {
  it('says release, decision, sentence and commit', async () => {
    const { text, blocks } = await sent([rollBack]);
    expect(text).toBe('reviews: roll back reviews-v2 5 % → 0 %');
    const [section, context] = blocks;
    expect(section).toEqual({
      type: 'section',
      text: {
        type: 'mrkdwn',
        verbatim: true,
        text: '*reviews*: roll back reviews-v2 5 % → 0 %\nreviews-v2 breaks error-rate: 30 % of 300 requests failed',
      },
    });
    expect(context?.elements?.[0]?.text).toBe(
      `roll back · commit <https://github.com/ada/cells/commit/${rollBack.commit}|4b825dc642>`,
    );
  });

  it('makes no mention, link, code or line of what a name or a sentence holds', async () => {
    const evil = '<!channel> @here <https://evil.example|click> `c` &amp;\n> quote \u202e\u0007';
    const message = await sent([{ ...rollBack, releases: [evil], summary: evil, reason: evil }]);
    for (const text of texts(message)) {
      const foreign = text.replace(/<https:\/\/github\.com\/ada[^>]*>$/, '').replace('\n', '');
      expect(foreign).not.toMatch(/<|>|@(here|channel|everyone)|`|[\p{Cc}\u202e]/u);
    }
    expect(message.blocks[0]?.text?.text.split('\n')).toHaveLength(2);
    expect(message.text).toContain('&lt;!channel&gt; @\u2060here');
    expect(message.text).not.toContain('&amp;amp;amp;');
  });

  it('keeps to the sizes that Slack takes', async () => {
    const long = '<&>'.repeat(5_000);
    const events = Array.from({ length: 80 }, (_, i) => ({
      ...rollBack,
      releases: [`r${i}${long}`],
      summary: long,
      reason: long,
    }));
    const message = await sent(events);
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const text of texts(message)) expect(text.length).toBeLessThanOrEqual(3_000);
    expect(JSON.stringify(message.blocks).length).toBeLessThan(13_000);
    expect(message.blocks.at(-1)?.elements?.[0]?.text).toMatch(/^and 70 more/);
  });

  it('says a failure of many releases once', async () => {
    const failure = { kind: 'failure', summary: 'could not run', reason: 'no', code: 'source/down' } as const;
    const events = Array.from({ length: 9 }, (_, i) => ({ ...failure, releases: [`r${i}`] }));
    const { blocks } = await sent(events);
    expect(blocks).toHaveLength(2);
    expect(blocks[0]?.text?.text).toBe('*r0 and 8 others*: could not run\nno');
    expect(blocks[1]?.elements?.[0]?.text).toBe('failure · source/down');
  });
});
