/** Returns |got/want − 1|, or |got − want| where `want` is 0; 0 for equal values, infinite ones too. */
export function relativeError(got: number, want: number): number {
  if (Object.is(got, want) || got === want) return 0;
  return Math.abs(got - want) / (want === 0 ? 1 : Math.abs(want));
}
