import type { Readable } from "node:stream";

import { readLines } from "./read-lines.ts";

/** Who and where a Box arrived. */
export interface Identity {
  user: string;
  home: string;
  /** A directory that only this user can use, gone when the container restarts. */
  base: string;
  /** Different after each start of the container. */
  boot: string;
  /** The user's own shell; empty where nothing says. */
  shell: string;
  /** The name under which this user logs in: our images have one more, with a shell that starts faster. */
  login: string;
  /** The shell that a log-in under that name gets. */
  loginShell: string;
}

/** Reads what the first code in a container says. Rejects what no code of ours says: it is stored and shown. */
export async function readIdentity(stream: Readable): Promise<Identity> {
  const said = await readLines(stream, 7);
  const [user = "", home = "", base = "", boot = "", shell = "", login = "", loginShell = ""] = said;
  const isPlain = said.every((line) => !/\p{Cc}/u.test(line));
  if (!isPlain || !home.startsWith("/") || !base.startsWith("/")) {
    throw new Error("the container's shell does not say who and where it is");
  }
  return { user, home, base, boot, shell, login, loginShell };
}
