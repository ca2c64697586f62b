// Choices that a seed decides, so that every run of it is the same.

/** A source of choices (mulberry32). */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0, below `bound`. */
  below(bound) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  /** One of several. */
  of(choices) {
    return choices[this.below(choices.length)];
  }

  /** Whether something happens that does so once in `times`. */
  once(times) {
    return this.below(times) === 0;
  }
}
