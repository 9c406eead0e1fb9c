import type { Client, Question, Reply } from './client.js';

/** Requests that are under way at once. */
const width = 32;

/** Asks so many times, as fast as it goes, and returns every reply. */
export async function askTimes(client: Client, count: number, question: Question): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let left = count;
  const ask = async () => {
    for (; left > 0; ) {
      left -= 1;
      replies.push(await client.ask(question));
    }
  };
  await Promise.all(Array.from({ length: width }, ask));
  return replies;
}

/** Replies per backend, and per status where it is not 200. */
export function tally(replies: readonly Reply[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, headers } of replies) {
    const from = status === 200 ? String(headers['x-backend']) : `status ${status}`;
    counts[from] = (counts[from] ?? 0) + 1;
  }
  return counts;
}

/** Asks evenly, whatever becomes of it, until it is stopped. */
export class SteadyLoad {
  readonly replies: Reply[] = [];
  readonly #pending = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;

  /** @param rate requests per second */
  constructor(client: Client, { rate, ...question }: Question & { readonly rate: number }) {
    const begin = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = ((performance.now() - begin) / 1000) * rate;
      for (; sent < due; sent += 1) {
        const asked = client.ask(question).then((reply) => {
          this.replies.push(reply);
          this.#pending.delete(asked);
        });
        this.#pending.add(asked);
      }
    }, 5);
  }

  /** Asks no more, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
  }
}
