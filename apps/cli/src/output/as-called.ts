import type { Io } from "../io.ts";

/** The commands in a text as this reader can type them: beside the repository's launcher, `ws` alone is not found. */
export function asCalled(text: string, env: Io["env"]): string {
  return env["WS_CALLED"] === "./ws" ? text.replaceAll(/(?<![\w./-])ws (?=[a-z[-])/g, "./ws ") : text;
}
