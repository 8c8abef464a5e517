import { WsError } from "./errors.ts";

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
