import { expect, test } from 'vitest';
import { errorFields, loggedStderr, openLog } from '../../../src/cli/watch/log.js';
import { SourceError } from '../../../src/errors.js';
import { Secret } from '../../../src/secret.js';

function logged() {
  let text = '';
  const stderr = {
    write(line: string) {
      text += line;
    },
  };
  return { log: openLog({ stderr, now: () => 1_700_000_000.5 }), text: () => text };
}

test('openLog() writes one line of JSON, whatever a text holds', () => {
  const { log, text } = logged();
  const reason = 'two\nlines, "quotes"} and \x1b[31m';
  log('warn', 'decision', { release: 'team/reviews', reason });
  expect(text().split('\n')).toHaveLength(2);
  expect(JSON.parse(text())).toEqual({
    time: '2023-11-14T22:13:20.500Z',
    level: 'warn',
    event: 'decision',
    release: 'team/reviews',
    reason,
  });
});

test('openLog() hides secrets in every field, and stays JSON where an address is cut', () => {
  const secret = new Secret('hunter2hunter2');
  const { log, text } = logged();
  log('error', 'failure', {
    reason: `the server said ${secret.reveal()}`,
    path: 'https://prometheus:9090',
    problems: [{ message: `https://ada:${secret.reveal()}@host/x` }, { message: 'a@b' }],
  });
  expect(text()).not.toContain('hunter2');
  expect(JSON.parse(text())).toMatchObject({
    reason: 'the server said ***',
    path: 'https://prometheus:9090',
    problems: [{ message: 'https://***@host/x' }, { message: 'a@b' }],
  });
});

test('loggedStderr() makes lines of the log of what a pass says', () => {
  const { log, text } = logged();
  const stderr = loggedStderr(log);
  stderr.write('finished what an earlier run had left half written\n');
  stderr.write('sluice: not notified by slack: 500\n');
  const lines = text().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'info', event: 'note', reason: 'finished what an earlier run had left half written' },
    { level: 'warn', event: 'note', reason: 'not notified by slack: 500' },
  ]);
});

test('errorFields() has code, place and hint of an error of ours, and the stack of a defect', () => {
  const error = new SourceError('down', { code: 'source/unreachable', path: 'http://p', hint: 'Start it.' });
  expect(errorFields(error)).toEqual({
    reason: 'down',
    code: 'source/unreachable',
    path: 'http://p',
    hint: 'Start it.',
  });
  expect(errorFields(new TypeError('x is not a function')).reason).toContain('log.test.ts');
});
