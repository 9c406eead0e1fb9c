import { pageOf } from './page.js';
import type { Audience, Scene } from './scene.js';
import type { Screen } from './screen.js';
import { paint } from './text.js';

/** Lets a person read along, for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<void>;

/** Milliseconds for a look at the traffic, and for news with and without a commit. */
const glance = 65;
const commitRead = 500;
const holdRead = 150;

const toLineAbove = (lines: number) => `\x1b[${lines}F`;
const clearLine = '\x1b[2K';
const clearBelow = '\x1b[J';

/** What hides the cursor while lines are painted over, and what brings it back. */
export const cursor = { hide: '\x1b[?25l', show: '\x1b[?25h' } as const;

/** Returns an audience at a terminal: a page for every title, painted over as things happen. */
export function livePage({ write, columns, colour }: Screen, pause: Pause): Audience {
  let shown: { readonly title: string; readonly height: number } | undefined;

  /** The whole page is one write and nothing is cleared before it is replaced, so that nothing flickers. */
  function repaint(scene: Scene): void {
    const lines = pageOf(scene, columns);
    const start = shown?.title === scene.title ? toLineAbove(shown.height) : '\n';
    write(`${start}${lines.map((line) => `${clearLine}${paint(line, colour)}\n`).join('')}${clearBelow}`);
    shown = { title: scene.title, height: lines.length };
  }

  return {
    async seeTraffic(scene) {
      repaint(scene);
      await pause(glance);
    },
    async hearNews(scene) {
      repaint(scene);
      await pause(scene.happenings.at(-1)?.commit === undefined ? holdRead : commitRead);
    },
  };
}
