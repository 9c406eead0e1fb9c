/** Beyond it a wealth is kept as a logarithm, so that nothing overflows. */
const LARGEST = 1e250;

/**
 * A mixture of bets that may each begin in any window: start weights ½ for the first window and ½/(t(t−1)) for window
 * t, W_j ← (W_j + π_t·w_j)·L_t(g_j), and E_t = ΣW_j + 1 − Σ_{s≤t} π_s: what has not begun yet has won nothing.
 *
 * @see Shin, Ramdas, Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", 2022
 */
export class LateOnset {
  readonly #weights: Float64Array;
  /** What each bet is worth: `#wealth · e^#scale`; the scale is 0 but for huge ones. */
  readonly #wealth: Float64Array;
  readonly #scale: Float64Array;
  #window = 0;
  #start = 0;

  /** @param weights of the bets, summing to 1 */
  constructor(weights: Float64Array) {
    this.#weights = weights;
    this.#wealth = new Float64Array(weights.length);
    this.#scale = new Float64Array(weights.length);
  }

  /** Opens a window; every bet follows. */
  open(): void {
    this.#window += 1;
    this.#start = this.#window === 1 ? 0.5 : 0.5 / (this.#window * (this.#window - 1));
  }

  /** @param logGain what the bet `j` wins in this window, as a natural logarithm */
  bet(j: number, logGain: number): void {
    const scale = this.#scale[j] ?? 0;
    const begun = this.#start * (this.#weights[j] ?? 0);
    const wealth = (this.#wealth[j] ?? 0) + (scale === 0 ? begun : begun * Math.exp(-scale));
    // A wealth that becomes 0 by underflow loses nothing: whatever it may win yet, the later starts win as well.
    const after = wealth * Math.exp(logGain);
    if (scale === 0 && after < LARGEST) {
      this.#wealth[j] = after;
      return;
    }
    const logAfter = scale + Math.log(wealth) + logGain;
    this.#scale[j] = Math.max(0, logAfter);
    this.#wealth[j] = Math.exp(Math.min(0, logAfter));
  }

  /** Returns the natural logarithm of the e-value now. */
  logE(): number {
    const size = this.#weights.length;
    let top = 0;
    for (let j = 0; j < size; j += 1) top = Math.max(top, this.#scale[j] ?? 0);
    // The start weights so far sum to 1 − ½/t.
    const waiting = this.#window === 0 ? 1 : 0.5 / this.#window;
    let sum = waiting * Math.exp(-top);
    for (let j = 0; j < size; j += 1) {
      const scale = this.#scale[j] ?? 0;
      sum += (this.#wealth[j] ?? 0) * (scale === top ? 1 : Math.exp(scale - top));
    }
    return top + Math.log(sum);
  }
}
