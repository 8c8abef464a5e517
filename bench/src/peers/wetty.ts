import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { output } from "../commands.ts";
import { paths } from "../paths.ts";
import { NotAvailable } from "../not-available.ts";

const VERSION = "3.2.0";
const PATIENCE_MS = 15_000;

/** The well-known browser terminal from npm, with its own client library. */
export interface Wetty extends AsyncDisposable {
  name: string;
  url: string;
  /** socket.io's `io`, from wetty's own dependencies. */
  connect: (url: string, options: { path: string; transports: string[]; forceNew: boolean }) => SocketIo;
}

/** As much of socket.io's client as wetty's own page uses. */
export interface SocketIo {
  on: (event: string, listener: (value: never) => void) => SocketIo;
  emit: (event: string, value: unknown) => SocketIo;
  disconnect: () => SocketIo;
}

/**
 * Serves a shell of this machine, which is the fastest thing that wetty can serve: no container, no ssh. With a
 * container it serves a shell in there, by Docker's command line. Throws `NotAvailable` where it cannot be installed,
 * and where we are not root: it then insists on an ssh server.
 */
export async function startWetty(options: {
  container?: string | undefined;
  say: (line: string) => void;
  signal: AbortSignal;
}): Promise<Wetty> {
  const { container, say, signal } = options;
  if (process.getuid?.() !== 0) throw new NotAvailable("wetty serves a local shell to root only");
  const directory = await installed(say, signal);
  await using undo = new AsyncDisposableStack();
  const scripts = await mkdtemp(join(tmpdir(), "ws-bench-"));
  undo.defer(() => rm(scripts, { recursive: true, force: true }));
  const shell = join(scripts, "shell");
  // As a script, because wetty's command is one word wherever `env` cannot split it.
  await writeFile(
    shell,
    `#!/bin/sh\nexec ${container === undefined ? "bash" : `docker exec -it ${container} bash`}\n`,
    {
      mode: 0o700,
    },
  );
  const port = await freePort();
  const main = join(directory, "node_modules/wetty/build/main.js");
  const child = spawn(
    process.execPath,
    [main, "--host", "127.0.0.1", "--port", String(port), "--base", "/", "--command", shell, "--log-level", "error"],
    { stdio: "ignore", env: { ...process.env, NODE_ENV: "production" } },
  );
  const ended = once(child, "exit");
  undo.defer(async () => {
    child.kill();
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  await answering(url, () => child.exitCode !== null, signal);
  const load = createRequire(main);
  const { io } = load("socket.io-client") as { io: Wetty["connect"] };
  const opened = undo.move();
  const name = `wetty ${VERSION}${container === undefined ? "" : " in it"}`;
  return { name, url, connect: io, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/**
 * Installed on first use and not with everybody's dependencies: it brings two hundred packages, and compiles node-pty
 * against the headers of the pinned Node, because the usual download of headers needs nodejs.org.
 */
async function installed(say: (line: string) => void, signal: AbortSignal): Promise<string> {
  const directory = join(paths.peers, `wetty-${VERSION}`);
  const complete = join(directory, "complete");
  if (existsSync(complete)) return directory;
  say(`installing wetty ${VERSION} …`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, "package.json"),
    JSON.stringify({ private: true, allowScripts: { "node-pty": true } }),
  );
  const headers = resolve(dirname(process.execPath), "..");
  const env = { ...process.env, ...(existsSync(join(headers, "include/node")) && { npm_config_nodedir: headers }) };
  try {
    const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error", `wetty@${VERSION}`];
    await output("npm", args, { cwd: directory, env, signal });
    const probe = ["--input-type=module", "--eval", "import pty from 'node-pty'; pty.spawn('true', [], {}).kill()"];
    const { status, stderr } = spawnSync(process.execPath, probe, { cwd: directory, encoding: "utf8" });
    if (status !== 0) throw new Error(`its node-pty does not run: ${stderr.trim().split("\n").at(-1)}`);
  } catch (error) {
    signal.throwIfAborted();
    throw new NotAvailable(`wetty cannot be installed: ${(error as Error).message}`, { cause: error });
  }
  await writeFile(complete, "");
  return directory;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answering(url: string, ended: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!ended() && performance.now() < deadline) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (answer !== undefined) return;
    await delay(50, undefined, { signal });
  }
  throw new Error(`wetty did not answer at ${url}.`);
}
