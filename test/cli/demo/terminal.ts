import { stripVTControlCharacters } from 'node:util';

const controls = ['(\\d+)F', '(2K|J)', '[?\\d]*[a-z]'].map((end) => `\x1b\\[${end}`);
/** Up some lines, clear, any other control; a line end; text. */
const pieces = new RegExp([...controls, '\n', '[^\n\x1b]+'].join('|'), 'g');

/** A terminal as far as the demo uses one: it keeps every write, and what is on the screen in the end. */
export class Terminal {
  readonly isTTY = true;
  readonly columns: number;
  readonly writes: string[] = [];

  constructor(columns = 80) {
    this.columns = columns;
  }

  write(text: string): void {
    this.writes.push(text);
  }

  get text(): string {
    return this.writes.join('');
  }

  /** Every line that was ever shown, without its styles. */
  get shown(): string[] {
    return withoutControls(this.text).split('\n');
  }

  /** What stands there after everything was painted over; lines that scrolled away included. */
  get screen(): string[] {
    const lines = [''];
    let row = 0;
    for (const [part, up, control] of this.text.matchAll(pieces)) {
      if (up !== undefined) row -= Number(up);
      else if (control === '2K') lines[row] = '';
      else if (control === 'J') lines.length = row + 1;
      else if (part === '\n') row += 1;
      else if (!part.startsWith('\x1b')) lines[row] += part;
      lines[row] ??= '';
    }
    return lines;
  }
}

/** Returns a text as it reads, without colours and movements of the cursor. */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text);
}
