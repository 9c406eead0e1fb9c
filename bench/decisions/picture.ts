import type { Cell } from './cells.js';
import { bestPeer, isEligible, type Lookup } from './goals.js';
import { rules } from './rules/registry.js';
import { sluice } from './rules/sluice.js';

/** One dot of a row: where it lies on the scale from 0 to 1. */
interface Dot {
  readonly at: number;
  /** Drawn as a ring, since its rule rolls back too many good candidates to be an example. */
  readonly hollow: boolean;
  readonly title: string;
}

/** A panel of the picture: a row of dots for every rule. */
interface Panel {
  readonly title: string;
  /** How places on the scale follow from numbers. */
  readonly scale: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  dotsOf(rule: string): readonly Dot[];
}

const LEFT = 170;
const WIDTH = 230;
const GAP = 34;
const TOP = 62;
const ROW = 30;
const RADIUS = 3;

/** Readable on white and on black: colours follow the reader's scheme. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .muted { fill: #59636e }
  .ground { fill: #ffffff }
  .line { stroke: #d1d9e0 }
  .dot { fill: #6e7781; stroke: #6e7781; fill-opacity: .45 }
  .own { fill: #0969da; stroke: #0969da }
  .dot.hollow { fill: none; stroke-opacity: .6 }
  .median { stroke: #1f2328; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .muted { fill: #9198a1 }
    .ground { fill: #0d1117 }
    .line { stroke: #3d444d }
    .dot { fill: #9198a1; stroke: #9198a1 }
    .own { fill: #4493f8; stroke: #4493f8 }
    .median { stroke: #f0f6fc }
  }`;

/** Returns what was found as an SVG: every dot is a cell. */
export function pictureOf(cells: readonly Cell[], found: Lookup): string {
  const panels = [rollbacks(cells, found), promotions(cells, found), costs(cells, found)];
  const width = LEFT + panels.length * (WIDTH + GAP);
  const height = TOP + rules.length * ROW + 28;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="What rules do with good and with bad candidates">`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...rules.map(({ name }, row) => `<text x="${LEFT - 16}" y="${yOf(row) + 4}" text-anchor="end">${name}</text>`),
    ...panels.flatMap((panel, i) => drawn(panel, LEFT + i * (WIDTH + GAP))),
    '</svg>',
    '',
  ].join('\n');
}

function yOf(row: number): number {
  return TOP + row * ROW + ROW / 2;
}

function drawn({ title, scale, ticks, dotsOf }: Panel, x: number): string[] {
  const bottom = TOP + rules.length * ROW;
  const lines = ticks.flatMap(({ at, label }) => {
    const place = round(x + at * WIDTH);
    return [
      `<line class="line" x1="${place}" x2="${place}" y1="${TOP}" y2="${bottom}"/>`,
      `<text class="muted" x="${place}" y="${TOP - 8}" text-anchor="middle">${label}</text>`,
    ];
  });
  const rows = rules.flatMap(({ id }, row) => rowOf(dotsOf(id), { x, y: yOf(row), own: id === sluice.id }));
  const below = `<text class="muted" x="${x}" y="${bottom + 18}">${scale}</text>`;
  return [`<text x="${x}" y="24">${title}</text>`, ...lines, ...rows, below];
}

function rowOf(dots: readonly Dot[], { x, y, own }: { readonly x: number; readonly y: number; readonly own: boolean }) {
  const circles = dots.map(({ at, hollow, title }, i) => {
    const kind = ['dot', ...(own ? ['own'] : []), ...(hollow ? ['hollow'] : [])].join(' ');
    return `<circle class="${kind}" cx="${round(x + at * WIDTH)}" cy="${round(y + beside(i))}" r="${RADIUS}"><title>${title}</title></circle>`;
  });
  const middle = [...dots].sort((a, b) => a.at - b.at)[Math.floor(dots.length / 2)];
  if (middle === undefined) return circles;
  const at = round(x + middle.at * WIDTH);
  return [...circles, `<line class="median" x1="${at}" x2="${at}" y1="${y - 11}" y2="${y + 11}"/>`];
}

/** Dots at the same place are drawn one below the other, in turn. */
function beside(i: number): number {
  return (((i * 5) % 13) - 6) * 1.3;
}

/** So that 1 % can be told from 0. */
const byRoot = 'by the square root';

function rollbacks(cells: readonly Cell[], found: Lookup): Panel {
  const equal = cells.filter(({ harm }) => harm === undefined);
  return {
    title: 'good candidates rolled back, %',
    scale: byRoot,
    ticks: [0, 1, 5, 20, 50, 100].map((percent) => ({ at: Math.sqrt(percent / 100), label: String(percent) })),
    dotsOf: (rule) =>
      equal.map((cell) => {
        const { share } = found(cell, rule).summary.rolledBack;
        return { at: Math.sqrt(share), hollow: false, title: `${cell.name}: ${(100 * share).toFixed(1)} %` };
      }),
  };
}

function promotions(cells: readonly Cell[], found: Lookup): Panel {
  const worse = cells.filter(({ harm }) => harm !== undefined);
  return {
    title: 'bad candidates promoted, %',
    scale: byRoot,
    ticks: [0, 1, 5, 20, 50, 100].map((percent) => ({ at: Math.sqrt(percent / 100), label: String(percent) })),
    dotsOf: (rule) =>
      worse.map((cell) => {
        const { share } = found(cell, rule).summary.promoted;
        const title = `${cell.name}: ${(100 * share).toFixed(1)} %`;
        return { at: Math.sqrt(share), hollow: !isEligible(cell, cells, { found, rule }), title };
      }),
  };
}

/** From 1 to 1,000 times, by logarithm; what lies beyond is drawn at the end, or just before 1. */
function costs(cells: readonly Cell[], found: Lookup): Panel {
  const worse = cells.filter(({ harm }) => harm !== undefined);
  const decades = 3;
  return {
    title: 'cost, times the least of sluice and dots',
    scale: 'logarithmic, clipped at 1,000',
    ticks: [1, 10, 100, 1000].map((times) => ({ at: Math.log10(times) / decades, label: times.toLocaleString('en') })),
    dotsOf: (rule) =>
      worse.map((cell) => {
        const peer = bestPeer(cell, cells, found)?.excess ?? Number.POSITIVE_INFINITY;
        const least = Math.min(peer, found(cell, sluice.id).excess);
        const times = found(cell, rule).excess / least;
        const at = Math.min(1, Math.max(-0.03, Math.log10(times) / decades));
        const hollow = !isEligible(cell, cells, { found, rule });
        return { at, hollow, title: `${cell.name}: ${times.toFixed(1)} times` };
      }),
  };
}

function round(number: number): number {
  return Number(number.toFixed(1));
}
