import { timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const HIDDEN = "[secret]";

/** A value that comes out only where it is asked for by name: never by logging, inspecting or serialising what holds it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The last four characters, where that leaves enough unknown. */
  get lastFour(): string {
    return this.#value.length < 12 ? "" : this.#value.slice(-4);
  }

  equals(other: string): boolean {
    const [mine, theirs] = [Buffer.from(this.#value), Buffer.from(other)];
    return mine.length === theirs.length && timingSafeEqual(mine, theirs);
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
