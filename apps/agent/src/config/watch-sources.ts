import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { Clock } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";
import type { Config } from "./config.ts";
import { filesBelow } from "./file-credentials.ts";

/** Often enough that a login which was renewed on the worker is soon in its workspaces. */
const EVERY_MS = 10_000;
/** As many as a workspace is given of a directory, and a few to see that there are more. */
const MOST_FILES = 1_010;

export interface WatchedSources {
  config: Pick<Config, "credentials">;
  env: Readonly<Record<string, string | undefined>>;
  clock: Pick<Clock, "sleep">;
  signal: AbortSignal;
}

/** Calls back at first, and whenever the worker's credentials, or the files that they name, are others than they were. Resolves once the signal aborts. */
export async function watchSources(watched: WatchedSources, changed: () => void): Promise<void> {
  const { clock, signal } = watched;
  let before: string | undefined;
  while (!signal.aborted) {
    const now = await stampOf(watched);
    if (now !== before) changed();
    before = now;
    await clock.sleep(EVERY_MS, signal).catch(() => undefined);
  }
}

/** Differs where anything about them does. Holds no secret. */
async function stampOf({ config, env }: WatchedSources): Promise<string> {
  const { files } = config.credentials.get();
  const stamp = createHash("sha256").update(JSON.stringify([config.credentials.environment(), files]));
  for (const source of Object.values(files)) stamp.update(await stampAt(expandHome(source, env)));
  return stamp.digest("hex");
}

async function stampAt(source: string): Promise<string> {
  try {
    const found = await stat(source);
    const stamps = [asText(found)];
    if (!found.isDirectory()) return stamps.join();
    for await (const path of filesBelow(source)) {
      if (stamps.push(`${path} ${asText(await stat(path))}`) > MOST_FILES) break;
    }
    return stamps.join();
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

function asText({ ino, size, mtimeMs, mode }: Stats): string {
  return [ino, size, mtimeMs, mode].join(" ");
}
