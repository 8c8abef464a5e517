import { WsError } from "./errors.ts";

/** A word as somebody would type it into a shell: in quotes where it needs them. */
export function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** One word of POSIX shell that is exactly this text. Throws `invalid_input` for a NUL, which the kernel takes from nobody. */
export function shellWord(text: string): string {
  if (text.includes("\0")) {
    throw new WsError("invalid_input", {
      message: "A program's argument holds no NUL.",
      next: "Pass such input on stdin or in a file.",
      data: { field: "argv" },
    });
  }
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
