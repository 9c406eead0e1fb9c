import { describe, expect, test } from 'vitest';
import { type Condition, Explainer, printCondition } from '../../../src/synth/chart/condition.js';

/** Every combination of the answers to these questions. */
function everyAnswer(...questions: string[]): Map<string, boolean>[] {
  return Array.from({ length: 2 ** questions.length }, (_, bits) => {
    return new Map(questions.map((question, i) => [question, (bits & (2 ** i)) > 0]));
  });
}

function found(rule: (ask: (question: string) => boolean) => boolean, ...questions: string[]): string | undefined {
  const instances = everyAnswer(...questions);
  const condition = new Explainer(() => instances.map((answers) => [answers])).conditionFor(
    instances.map((answers) => rule((question) => answers.get(question) === true)),
  );
  return condition && printCondition(condition);
}

function holds(condition: Condition, answers: ReadonlyMap<string, boolean>): boolean {
  if (condition.kind === 'ask') return (answers.get(condition.expression) === true) !== condition.not;
  const terms = condition.terms.map((term) => holds(term, answers));
  return condition.kind === 'and' ? !terms.includes(false) : terms.includes(true);
}

describe('Explainer', () => {
  test('asks one question where one explains it', () => {
    expect(found((ask) => ask('$a'), '$a', '$b', '$c')).toBe('$a');
    expect(found((ask) => !ask('$b'), '$a', '$b', '$c')).toBe('not $b');
  });

  test('joins two by and, or by or', () => {
    expect(found((ask) => ask('$a') && !ask('$c'), '$a', '$b', '$c')).toBe('and $a (not $c)');
    expect(found((ask) => ask('$b') || ask('$c'), '$a', '$b', '$c')).toBe('or $b $c');
  });

  test('needs no question that the others answer', () => {
    const names = ['$a', '$b', '$c', '$d'];
    expect(found((ask) => ask('$a') && ask('$b') && ask('$d'), ...names)).toBe('and $a $b $d');
    expect(found((ask) => ask('$a') || ask('$b') || !ask('$d'), ...names)).toBe('or $a $b (not $d)');
  });

  test('puts an expression of several words in brackets', () => {
    expect(found((ask) => ask('eq $a "x"') && ask('$b'), 'eq $a "x"', '$b')).toBe('and (eq $a "x") $b');
  });

  test.each([
    ['exclusive or', (ask: (question: string) => boolean) => ask('$a') !== ask('$b')],
    ['a choice by cases', (ask: (question: string) => boolean) => (ask('$a') ? ask('$b') : ask('$c'))],
    ['always', () => true],
    ['never', () => false],
  ])('explains %s by something that holds for exactly these', (_, rule) => {
    const instances = everyAnswer('$a', '$b', '$c');
    const wanted = instances.map((answers) => rule((question) => answers.get(question) === true));
    const condition = new Explainer(() => instances.map((answers) => [answers])).conditionFor(wanted) as Condition;
    expect(instances.map((answers) => holds(condition, answers))).toEqual(wanted);
  });

  test('is undefined where the same answers want both', () => {
    const alike = [[new Map([['$a', true]])], [new Map([['$a', true]])]];
    expect(new Explainer(() => alike).conditionFor([true, false])).toBeUndefined();
  });
});
