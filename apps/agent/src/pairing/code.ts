import { randomInt } from "node:crypto";
import { CODE_ALPHABET, CODE_LENGTH } from "@ws/rpc-contract/pairing";

/** Eight of 31 letters and digits, 39.6 random bits: short enough to be typed, and no more is needed for ten minutes and five guesses. */
export function createCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join("");
}
