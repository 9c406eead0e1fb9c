import { expect, test } from 'vitest';
import { refusals } from './version-of.js';

const half = 'x'.repeat(131_072);
const message = /bring an object of v1 to \d+ bytes of annotations, and Kubernetes takes 262144$/;

test('checkAnnotations() counts what all parts bring to one object, in bytes', () => {
  const application = `  metadata: {annotations: {a: ${half}}}\n`;
  expect(refusals(`deployment: {metadata: {annotations: {b: ${half.slice(2)}}}}`, application)).toEqual([]);
  const [refused, ...more] = refusals(`deployment: {metadata: {annotations: {b: ${half}x}}}`, application);
  expect(more).toEqual([]);
  expect(refused).toMatch(message);
  expect(refused).toMatch(/^application\.versions\[0\]\.deployment\.metadata\.annotations /);
  expect(refusals('port: 80', `  metadata: {annotations: {a: ${'é'.repeat(131_073)}}}\n`)).toEqual([
    expect.stringMatching(message),
  ]);
});

test('checkAnnotations() keeps a Deployment and its Service apart', () => {
  const both = (key: string) => `${key}: {metadata: {annotations: {b: ${half}x}}}`;
  expect(refusals(`${both('deployment')}, ${both('serviceSpecification')}`)).toEqual([]);
  expect(refusals(both('serviceSpecification'), `  metadata: {annotations: {a: ${half}}}\n`)).toEqual([
    expect.stringMatching(/^application\.versions\[0\]\.serviceSpecification\.metadata\.annotations /),
  ]);
});
