import { expect, test } from 'vitest';
import { loadedOf, twoVersions } from '../release-of.js';

function noticesOf(second: readonly string[], lines: string): string[] {
  const text = twoVersions('gateway-api', 'blue-green', second).replace('  port: 8080', `  port: 8080\n${lines}`);
  return loadedOf(text).notices.map(({ path, message }) => `${path} ${message}`);
}

const cookie = '  sessionAffinity: {type: Cookie}';

test('noticeAffinity() says that clients of gRPC keep no cookies', () => {
  expect(noticesOf([], `${cookie}\n  appProtocol: grpc`)).toEqual([
    'application.sessionAffinity is a cookie, but v1 speaks gRPC, whose clients keep none: every call is dealt anew',
  ]);
  expect(noticesOf([], cookie)).toEqual([]);
  expect(noticesOf(['appProtocol: grpc', 'routed: false'], cookie)).toEqual([]);
});
