import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock } from "@ws/workspace-core";

export interface OpenBrowserOptions {
  /** Whoever has it gets in. */
  url: string;
  env: Readonly<Record<string, string | undefined>>;
  /** A directory that only this user can read. */
  directory: string;
  clock: Pick<Clock, "sleep">;
}

/** A slow machine's browser has read it by then. */
const KEPT_MS = 60_000;

/**
 * Opens an address in this machine's browser where there is one; says nothing where there is none. The arguments of a
 * program can be read by everybody on the machine, so the browser gets a file that leads there.
 */
export function openBrowser({ url, env, directory, clock }: OpenBrowserOptions): Disposable {
  const closing = new AbortController();
  const file = join(directory, "open-dashboard.html");
  const remove = (): void => rmSync(file, { force: true });
  const mac = process.platform === "darwin";
  if (mac || env["DISPLAY"] !== undefined || env["WAYLAND_DISPLAY"] !== undefined) {
    remove();
    writeFileSync(file, pageTo(url), { mode: 0o600, flag: "wx" });
    const opener = spawn(mac ? "open" : "xdg-open", [pathToFileURL(file).href], {
      env,
      stdio: "ignore",
      detached: true,
    });
    opener.on("error", () => undefined);
    opener.unref();
    clock.sleep(KEPT_MS, closing.signal).then(remove, () => undefined);
  }
  return {
    [Symbol.dispose]() {
      closing.abort();
      remove();
    },
  };
}

function pageTo(url: string): string {
  const safe = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${safe}">
<title>Workspace</title>
<a href="${safe}">To the dashboard</a>
`;
}
