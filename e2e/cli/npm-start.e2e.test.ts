import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { onScreen, type Screen } from "../support/screen.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What a checkout has not: all that was installed, built or printed. */
const MADE = new Set([".git", ".tools", ".turbo", "dist", "node_modules", "shipped", "test-results"]);

let place: string;
let checkout: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "ws-npm-start-"));
  checkout = join(place, "checkout");
  await cp(root, checkout, { recursive: true, filter: (source) => !MADE.has(basename(source)) });
  // The one thing that would come from the network; everything else is in pnpm's store.
  await mkdir(join(checkout, ".tools"));
  await symlink(join(root, ".tools/node_modules"), join(checkout, ".tools/node_modules"));
  const { DISPLAY: _x11, WAYLAND_DISPLAY: _wayland, PATH = "", ...others } = process.env;
  env = {
    ...others,
    // Nothing of this repository's: the bootstrap brings its own Node and pnpm.
    PATH: PATH.split(delimiter)
      .filter((folder) => !folder.startsWith(root))
      .join(delimiter),
    TERM: "xterm",
    WS_CONFIG_DIR: join(place, "config"),
    WS_PORT: "0",
  };
});
afterAll(() => rm(place, { recursive: true, force: true }));

test("'npm start' in a new checkout makes a worker with its dashboard, Ctrl-C ends it, and it starts again", async () => {
  for (let time = 1; time <= 2; time += 1) {
    const screen = onScreen("npm start", { cwd: checkout, env });
    onTestFinished(screen.close);
    const url = await expectWorker(screen);
    screen.press("\u0003");
    await screen.shows(/going away; workspaces and their terminals go on/);
    // npm's shell hears the same Ctrl-C and says so, whatever the agent ended with.
    expect([0, 130]).toContain(await screen.ended);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect((await ws("list")).code).toBe(5);
  }
});

/** What a person does with what is on the screen: follow the link, type the next command. */
async function expectWorker(screen: Screen): Promise<string> {
  const [, url = ""] = await screen.shows(/Agent running at (http:\/\/127\.0\.0\.1:\d+)/);
  await screen.shows(/Workspaces run +(in containers|in bubblewrap|DIRECTLY)/);
  const [, code] = await screen.shows(/http:\S+\/#code=([\w-]+)/);
  await screen.shows(/\.\/ws start demo --clone \S+/);
  const page = await (await fetch(url)).text();
  const [script = "none"] = /\/assets\/[^"]+\.js/.exec(page) ?? [];
  expect((await fetch(new URL(script, url))).status).toBe(200);
  const signedIn = await fetch(`${url}/api/auth/exchange`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  expect(signedIn.status).toBe(200);
  expect(await ws("list", "--json")).toEqual({ code: 0, stdout: "[]\n" });
  return url;
}

function ws(...args: string[]): Promise<{ code: unknown; stdout: string }> {
  return new Promise((resolve) => {
    execFile(join(checkout, "ws"), args, { env }, (error, stdout) => resolve({ code: error?.code ?? 0, stdout }));
  });
}
