import { readFileSync } from "node:fs";
import { WsError } from "@ws/workspace-core";

/** One file of authorities. Throws `config_invalid`, naming what says the file, where it cannot be read. */
export function readAuthority(path: string, from: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WsError("config_invalid", {
      message: `The file of certificate authorities ${path} cannot be read (${code}).`,
      next: `Put it there, or correct ${from}.`,
      data: { file: path },
      cause: error,
    });
  }
}
