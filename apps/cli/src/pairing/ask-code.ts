import type { Interface } from "node:readline/promises";
import { parsePairingCode } from "@ws/rpc-contract/pairing";
import type { Io } from "../io.ts";

/** A pairing code that a person types, asked for until it can be one. */
export async function askCode(prompt: Interface, { stderr }: Pick<Io, "stderr">): Promise<string> {
  for (;;) {
    const code = await prompt.question("Code that 'ws pair' shows on the worker: ");
    if (parsePairingCode(code) !== undefined) return code;
    stderr.write("That is no code: those are eight letters and digits, such as K7QM-4XTR.\n");
  }
}
