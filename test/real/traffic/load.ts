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

/** Replies by whose they are. */
export function tally(replies: readonly Reply[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const reply of replies) counts[whose(reply)] = (counts[whose(reply)] ?? 0) + 1;
  return counts;
}

/**
 * Returns the version that answered, with the status where it is not 200, and with the version that the header `app-version`
 * says where it is another one or none: so whoever counts answers of a version counts those that say so.
 */
export function whose({ status, headers: { 'x-backend': from, 'app-version': said } }: Reply): string {
  const named = from === said ? `${from}` : `${from} as ${said}`;
  if (status === 200) return named;
  return from === undefined ? `status ${status}` : `status ${status} of ${named}`;
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
