/** What becomes of a line: it stays, goes or comes. */
export interface LineEdit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/** Beyond so many edits the texts have little in common, and room grows with their square. */
const mostEdits = 2000;

/**
 * Returns the fewest removals and additions that turn one list of lines into the other; of several such ways, one that
 * removes first. Myers' greedy algorithm (1986): time and room grow with the number of edits, not with the square of the
 * lines. Of texts that have little in common, all of the first one goes and all of the second one comes.
 */
export function lineEdits(before: readonly string[], after: readonly string[]): LineEdit[] {
  const steps = before.length === 0 || after.length === 0 ? undefined : furthest(before, after);
  if (steps === undefined) return [...all('-', before), ...all('+', after)];
  const edits: LineEdit[] = [];
  let [x, y] = [before.length, after.length];
  for (const reached of steps.toReversed()) {
    const k = x - y;
    const fromAbove = goesDown(reached, k);
    const start = fromAbove ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
    // Back along the diagonal of lines that stay, then the one edit that led to it.
    while (x > start) {
      edits.push({ kind: ' ', line: before[x - 1] ?? '' });
      [x, y] = [x - 1, y - 1];
    }
    if (fromAbove && y > 0) edits.push({ kind: '+', line: after[--y] ?? '' });
    else if (x > 0) edits.push({ kind: '-', line: before[--x] ?? '' });
  }
  return edits.reverse();
}

function all(kind: '-' | '+', lines: readonly string[]): LineEdit[] {
  return lines.map((line) => ({ kind, line }));
}

/** How far each diagonal was reached, in lines of the first list. */
type Reached = ReadonlyMap<number, number>;

/** Returns what was reached before each number of edits, up to the one that suffices; undefined where that is too many. */
function furthest(before: readonly string[], after: readonly string[]): Reached[] | undefined {
  const steps: Reached[] = [];
  let reached = new Map([[1, 0]]);
  for (let edits = 0; edits <= mostEdits; edits += 1) {
    steps.push(reached);
    const next = new Map(reached);
    for (let k = -edits; k <= edits; k += 2) {
      let x = goesDown(reached, k) ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return steps;
    }
    reached = next;
  }
  return undefined;
}

/** Whether a diagonal is reached by an addition, from the one above it. */
function goesDown(reached: Reached, k: number): boolean {
  const [left, above] = [reached.get(k - 1) ?? -1, reached.get(k + 1) ?? -1];
  return left < above;
}
