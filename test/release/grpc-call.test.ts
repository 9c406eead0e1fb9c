import { expect, test } from 'vitest';
import { grpcCall } from '../../src/release/grpc-call.js';
import type { StringMatch } from '../../src/release/route-plan.js';

test.each<[StringMatch['kind'], string, unknown]>([
  ['exact', '/shop.v1.Cart/Add_1', { service: 'shop.v1.Cart', method: 'Add_1' }],
  ['prefix', '/shop.v1.Cart', { service: 'shop.v1.Cart' }],
  ['prefix', '/shop.v1.Cart/', { service: 'shop.v1.Cart' }],
  ['prefix', '/', {}],
  ['exact', '/', undefined],
  ['exact', '/shop.v1.Cart', undefined],
  ['exact', '/shop.1.Cart/Add', undefined],
  ['exact', '/shop.Cart/1', undefined],
  ['prefix', '/shop.Cart/Add', undefined],
  ['regex', '/shop.Cart/Add', undefined],
])('grpcCall() of %s %s', (kind, value, call) => {
  expect(grpcCall({ kind, value })).toEqual(call);
});
