import type { IParser } from "@xterm/xterm";

export interface Replies {
  silence(): void;
  answer(): void;
}

/**
 * Holds back the terminal's answers to questions (who are you, where is the cursor, which colour) while old output
 * is painted again: its program asked long ago, and the answer would be typed into whatever runs now.
 */
export function silenceReplies(
  parser: Pick<IParser, "registerCsiHandler" | "registerOscHandler" | "registerDcsHandler">,
): Replies {
  let silent = false;
  const held = () => silent;
  for (const id of [
    { final: "c" },
    { prefix: ">", final: "c" },
    { prefix: "=", final: "c" },
    { final: "n" },
    { prefix: "?", final: "n" },
    { intermediates: "$", final: "p" },
    { prefix: "?", intermediates: "$", final: "p" },
    { prefix: ">", final: "q" },
  ]) {
    parser.registerCsiHandler(id, held);
  }
  for (const code of [4, 10, 11, 12]) {
    parser.registerOscHandler(code, (data) => silent && data.includes("?"));
  }
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, held);
  return {
    silence: () => void (silent = true),
    answer: () => void (silent = false),
  };
}
