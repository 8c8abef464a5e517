import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Clock, Log } from "@ws/workspace-core";

export interface LinkOptions {
  /** Whoever has it gets in. */
  url: string;
  env: Readonly<Record<string, string | undefined>>;
  /** A directory that only this user can read. */
  directory: string;
}

export interface OpenBrowserOptions extends LinkOptions {
  clock: Pick<Clock, "sleep">;
  log: Log;
}

/** A slow machine's browser has read it by then. */
const KEPT_SECONDS = 60;

/** Whether a file leads to a link; whoever was killed before it could remove it has left it there. */
export function isPage(name: string): boolean {
  return /^open-dashboard.*\.html$/.test(name);
}

/**
 * Opens an address in this machine's browser where there is one; says nothing where there is none. The arguments of a
 * program can be read by everybody on the machine, so the browser gets a file that leads there.
 */
export function openBrowser({ clock, log, url, env, directory }: OpenBrowserOptions): Disposable {
  const closing = new AbortController();
  const file = join(directory, "open-dashboard.html");
  const opener = findOpener(env);
  if (opener !== undefined) {
    try {
      removePage(file);
      writePage(file, url);
      launch([opener, pathToFileURL(file).href], env);
    } catch (error) {
      // The link is on the screen as well, and an agent is worth more than its browser.
      log.warn("the browser could not be opened", { error });
    }
    clock.sleep(KEPT_SECONDS * 1000, closing.signal).then(
      () => removePage(file),
      () => undefined,
    );
  }
  return {
    [Symbol.dispose]() {
      closing.abort();
      removePage(file);
    },
  };
}

/** The same for a program that ends at once: a small shell stays behind and removes the file. */
export function openBrowserAndEnd({ url, env, directory }: LinkOptions): void {
  const opener = findOpener(env);
  if (opener === undefined) return;
  const file = join(directory, `open-dashboard-${randomUUID()}.html`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writePage(file, url);
    const script = `"$1" "$2" & sleep "$4"; rm -f -- "$3"`;
    launch(["/bin/sh", "-c", script, "sh", opener, pathToFileURL(file).href, file, String(KEPT_SECONDS)], env);
  } catch {
    // Whoever asked has printed the link.
    removePage(file);
  }
}

/** What cannot be removed is left there: the agent is worth more than that. */
export function removePage(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is tried again when the agent starts anew.
  }
}

function findOpener(env: LinkOptions["env"]): string | undefined {
  if (process.platform === "darwin") return "open";
  return env["DISPLAY"] === undefined && env["WAYLAND_DISPLAY"] === undefined ? undefined : "xdg-open";
}

function launch([program = "", ...args]: string[], env: LinkOptions["env"]): void {
  const child = spawn(program, args, { env, stdio: "ignore", detached: true });
  // The link is on the screen as well; a desktop without an opener is no failure.
  child.on("error", () => undefined);
  child.unref();
}

function writePage(file: string, url: string): void {
  const safe = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const page = `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${safe}">
<title>Workspace</title>
<a href="${safe}">To the dashboard</a>
`;
  writeFileSync(file, page, { mode: 0o600, flag: "wx" });
}
