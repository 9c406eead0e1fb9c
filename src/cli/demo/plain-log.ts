import { shortId } from './page.js';
import { type Audience, timeOfDay, withTimesOfDay } from './scene.js';
import type { Screen } from './screen.js';

/** Returns an audience that reads a log: a heading for every title, one line for everything that happens. */
export function plainLog({ write }: Screen): Audience {
  let shown: string | undefined;
  return {
    async seeTraffic() {},
    async hearNews({ title, happenings }) {
      if (title !== shown) write(`\n${title}\n`);
      shown = title;
      const news = happenings.at(-1);
      if (news === undefined) return;
      const commit = news.commit === undefined ? '' : ` (commit ${shortId(news.commit)})`;
      const reason = news.reason === undefined ? '' : `: ${withTimesOfDay(news.reason)}`;
      write(`${timeOfDay(news.at)}  ${news.summary}${commit}${reason}\n`);
    },
  };
}
