import type { Change } from './change.js';
import { type Difference, noteOn, objectCount, type ReleaseDifference, sameAs } from './difference.js';
import { code, fenced, plain, sentence } from './markdown.js';
import type { ObjectChange } from './object-changes.js';

/** What a comment on GitHub holds, with room for what others write around it; GitLab takes more. */
const longestPage = 60_000;

/** Returns the difference as a comment on a pull request: the words first, the YAML folded away. */
export function differenceMarkdown(difference: Difference): string {
  const page = pageOf(difference, yamlOf);
  return page.length <= longestPage ? page : pageOf(difference, leftOut);
}

function pageOf(difference: Difference, yaml: (objects: readonly ObjectChange[]) => string): string {
  const { against, workspace, releases, errors } = difference;
  const sections = [
    ...errors.map(({ release, side, message }) => {
      return `### ${sentence(release ?? 'sluice.yaml')}: could not be compared\n\nOn ${code(side)}:\n\n${fenced(message, '')}`;
    }),
    ...(workspace.length === 0 ? [] : [`### sluice.yaml\n\n${listOf(workspace)}`]),
    ...releases.map((release) => section(release, yaml)),
  ];
  const body = sections.length === 0 ? [`${plain(sameAs(difference))}\n`] : sections;
  return [`## sluice diff against ${code(against)}\n`, ...body].join('\n');
}

function section(release: ReleaseDifference, yaml: (objects: readonly ObjectChange[]) => string): string {
  const note = noteOn(release);
  const title = release.status === 'changed' || release.status === 'same' ? '' : ` (${release.status})`;
  const parts = [
    `### ${plain(release.release)}${title}\n`,
    ...(release.changes.length === 0 ? [] : [listOf(release.changes)]),
    ...(note === undefined ? [] : [`_${note}_\n`]),
    ...(release.objects.length === 0 ? [] : [yaml(release.objects)]),
  ];
  return parts.join('\n');
}

function listOf(changes: readonly Change[]): string {
  return changes.map(({ risk, text }) => `- ${risk === 'high' ? `**${plain(text)}**` : plain(text)}\n`).join('');
}

function yamlOf(objects: readonly ObjectChange[]): string {
  const diffs = objects.map(({ object, status, diff }) => `${plain(`${object} ${status}`)}\n\n${fenced(diff, 'diff')}`);
  return `<details><summary>${objectCount(objects)}</summary>\n\n${diffs.join('\n')}\n</details>\n`;
}

function leftOut(objects: readonly ObjectChange[]): string {
  return `_${objectCount(objects)}; too long for a comment, \`sluice diff\` prints them_\n`;
}
