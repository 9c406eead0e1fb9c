import { ConfigError, SourceError } from '../../errors.js';
import { redact } from '../../secret.js';

/** Finds a value in JSON. @throws SourceError when it takes too long, or goes too deep */
export type Expression = (data: unknown, variables: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** What one evaluation may take: it runs in this process, and nothing else runs meanwhile. */
const limits = {
  /** Milliseconds. */
  timeout: 1_000,
  /** Expressions within one another. */
  stack: 500,
  /** Values of a list. */
  sequence: 100_000,
};

/** The codes with which JSONata ends what goes beyond a limit. */
const beyond: Readonly<Record<string, string>> = {
  D1011: `it goes deeper than ${limits.stack} expressions within one another`,
  D1012: `it takes longer than ${limits.timeout / 1000} s`,
  D2014: 'it makes too many values',
  D2015: `it makes more than ${limits.sequence} values`,
};

/** A regular expression that backtracks for hours holds the whole process, and no limit ends that. */
class NoRegExp {
  constructor() {
    throw {
      code: 'sluice/regex',
      message: 'regular expressions are not taken: use $contains, $split or $substringBefore',
    };
  }
}

/**
 * Reads a JSONata expression (docs/decisions/0018-jsonata.md); the library is loaded here, by the first one.
 *
 * @param key where sluice.yaml has it
 * @throws ConfigError when it is none
 */
export async function readExpression(text: string, key: string): Promise<Expression> {
  const { default: jsonata } = await import('jsonata');
  const options = { ...limits, RegexEngine: NoRegExp as unknown as RegExpConstructor };
  const compiled = (() => {
    try {
      return jsonata(text, options);
    } catch (error) {
      throw new ConfigError(`Cannot read ${key} as a JSONata expression: ${wordsOf(error)}`, {
        code: 'source/bad-expression',
        path: 'sluice.yaml',
        hint: 'Try it on an answer of your server at try.jsonata.org.',
      });
    }
  })();
  return async (data, variables) => {
    try {
      return await compiled.evaluate(data, { ...variables });
    } catch (error) {
      throw new SourceError(`Cannot evaluate ${key}: ${wordsOf(error)}`, {
        code: 'source/expression',
        path: 'sluice.yaml',
        hint: 'Write it shorter, or have the server answer less; sluice metrics RELEASE --try shows what comes of it.',
      });
    }
  };
}

/** Its errors are plain objects, which may repeat what the server said. */
function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'for no reason given';
  const { code, position, message } = error as Partial<Record<'code' | 'position' | 'message', unknown>>;
  const limit = beyond[String(code)];
  if (limit !== undefined) return limit;
  const where = typeof position === 'number' ? ` at position ${position}` : '';
  const words = redact(String(message ?? code)).replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ');
  return `${words.slice(0, 200)}${where}`;
}
