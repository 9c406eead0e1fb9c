import type { Change } from '../../reports/change.js';
import { type Difference, noteOn, objectCount, type ReleaseDifference, sameAs } from '../../reports/difference.js';
import type { ObjectChange } from '../../reports/object-changes.js';
import { type Line, paint, type Style } from '../demo/text.js';

/** Returns the difference as a person reads it: the words of every release, each followed by its YAML. */
export function differenceText(difference: Difference, colour: boolean): string {
  const { workspace, releases, errors } = difference;
  const sections = [
    ...(workspace.length === 0 ? [] : [[title('sluice.yaml'), ...workspace.map(changeLine)]]),
    ...releases.map(sectionOf),
  ];
  if (sections.length === 0 && errors.length === 0) return `${sameAs(difference)}\n`;
  const blank: Line = [];
  const lines = sections.flatMap((section, i) => (i === 0 ? section : [blank, ...section]));
  return lines.map((line) => `${paint(line, colour)}\n`).join('');
}

function title(text: string, status = ''): Line {
  return [{ text, style: 'bold' }, { text: status === '' ? '' : ` ${status}` }];
}

function sectionOf(release: ReleaseDifference): Line[] {
  const { status, changes, objects } = release;
  const note = noteOn(release);
  return [
    title(release.release, status === 'changed' || status === 'same' ? '' : status),
    ...changes.map(changeLine),
    ...(note === undefined ? [] : [[{ text: `  (${note})`, style: 'dim' } as const]]),
    ...(objects.length === 0 ? [] : [[{ text: `  ${objectCount(objects)}`, style: 'dim' } as const]]),
    ...objects.flatMap(objectLines),
  ];
}

function changeLine({ risk, text }: Change): Line {
  return [{ text: '  ' }, risk === 'high' ? { text, style: 'yellow' } : { text }];
}

function objectLines({ object, status, diff }: ObjectChange): Line[] {
  const lines = diff.replace(/\n$/, '').split('\n');
  return [
    [{ text: '  ' }, { text: `${object} ${status}`, style: 'bold' }],
    ...lines.map((text): Line => {
      const style = styles[text.charAt(0)];
      return [{ text: '    ' }, style === undefined ? { text } : { text, style }];
    }),
  ];
}

const styles: { readonly [first: string]: Style | undefined } = { '+': 'green', '-': 'red', '@': 'cyan' };
