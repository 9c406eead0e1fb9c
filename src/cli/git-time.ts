const names = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october'],
  ...['november', 'december', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
];

const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

const others = new Set([
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...['ago', 'last', 'yesterday', 'today', 'noon', 'midnight', 'tea', 'am', 'pm', 'never'],
  ...['a', 'an', 'and', 'at', 'of', 'on', 'the', 'st', 'nd', 'rd', 'th', 't', 'z', 'utc'],
]);

/** Whether all words of a time are ones that git knows: it passes over others in silence. */
export function isTime(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.every((word) => /^[A-Z]{2,4}T$/.test(word) || isKnown(word.toLowerCase()));
}

function isKnown(word: string): boolean {
  if (others.has(word) || units.includes(word.replace(/s$/, ''))) return true;
  return word.length >= 3 && names.some((name) => name.startsWith(word));
}
