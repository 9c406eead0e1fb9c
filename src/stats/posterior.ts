/** What is known of one number after the data: a continuous distribution. Immutable. */
export interface Posterior {
  /** P(value ≤ x). */
  cdf(x: number): number;
  /** The x with P(value ≤ x) = p, for 0 < p < 1. */
  quantile(p: number): number;
  /** The scale on which it is integrated. */
  readonly scale: PosteriorScale;
  /** One value at random. */
  draw(random: () => number): number;
}

/** A scale without ends on which a density is smooth and falls off at least exponentially. */
export interface PosteriorScale {
  /** About where the density is highest, and how far it reaches to either side of that. */
  readonly center: number;
  readonly width: number;
  /** Of the scale, not of the value. */
  density(place: number): number;
  valueAt(place: number): number;
  /** Infinite for a value that is out of reach. */
  placeOf(value: number): number;
}
