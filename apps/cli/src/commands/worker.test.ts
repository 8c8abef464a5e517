import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type LocalAgent, startLocalAgent } from "../testing/local-agent.ts";

let hub: LocalAgent;
let desk: LocalAgent;

beforeAll(async () => {
  hub = await startLocalAgent();
  const { out } = await hub.ws(["worker", "add", "desk"]);
  desk = await startLocalAgent({ WS_HUB_URL: hub.url, WS_HUB_TOKEN: out.trim() });
  const isThere = async () => expect((await hub.ws(["worker", "list"])).out).toMatch(/online +now +0\/0/);
  await vi.waitFor(isThere, { timeout: 5_000 });
}, 20_000);

afterAll(async () => {
  await desk.ws(["delete", "demo", "--yes", "--force"]);
  await desk[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

test("Every kind of command works on a worker as on the agent itself: calls, commands, files, tasks", async () => {
  const ws = (...argv: string[]) => hub.ws(["--on", "desk", ...argv]);
  expect(await ws("start", "demo")).toMatchObject({ code: 0 });
  expect((await hub.ws(["list", "--json"])).out).toBe("[]\n");
  expect((await desk.ws(["list"])).out).toContain("demo");

  expect(await ws("exec", "demo", "--", "sh", "-c", "cat; echo to-stderr >&2; exit 7")).toEqual({
    code: 7,
    out: "",
    err: "to-stderr\n",
  });
  const piped = await hub.ws(["exec", "demo", "--on=desk", "--", "wc", "-c"], "x".repeat(300_000));
  expect(piped.out.trim()).toBe("300000");
  expect((await ws("shell", "demo", "-c", "echo in-a-shell")).out).toContain("in-a-shell");

  const bytes = Buffer.from(Array.from({ length: 2_000_000 }, (_, index) => index % 251));
  writeFileSync(join(hub.directory, "up.bin"), bytes);
  expect(await ws("file", "put", "demo", "there.bin", "up.bin")).toMatchObject({ code: 0 });
  expect(await ws("file", "get", "demo", "there.bin", "down.bin")).toMatchObject({ code: 0 });
  expect(readFileSync(join(hub.directory, "down.bin")).equals(bytes)).toBe(true);

  const task = await ws("task", "add", "demo", "--follow", "--", "sh", "-c", "echo from-a-task; exit 3");
  expect(task).toMatchObject({ code: 3, out: "from-a-task\n" });
  expect((await ws("info")).out).toContain(`desk, through this machine (${hub.configDirectory}`);
  expect((await desk.ws(["info"])).out).toMatch(/^Hub +http:\S+, reaches this worker$/m);
}, 30_000);

test("All workspaces of all workers are listed together, and a worker that is away by a line", async () => {
  await hub.ws(["worker", "add", "laptop"]);
  const all = await hub.ws(["list", "--all"]);
  expect(all.out).toMatch(/^WORKER +NAME/);
  expect(all.out).toMatch(/^desk +demo +running/m);
  expect(all.err).toBe("laptop: expected, never seen\n");
  const listed = JSON.parse((await hub.ws(["list", "--all", "--json"])).out) as { worker?: string }[];
  expect(listed.map(({ worker = "this" }) => worker)).toEqual(["this", "desk", "laptop"]);
});

test("What workspaces use is told beside them, also of those behind the agent", async () => {
  const all = await hub.ws(["list", "--all", "--usage"]);
  expect(all.out).toMatch(/^WORKER +NAME .* CPU +MEM +DISK/);
  expect(all.out).toMatch(/^desk +demo +running .* [\d.]+ % +[\d.]+ [KM]iB /m);
  const listed = JSON.parse((await desk.ws(["list", "--usage", "--json"])).out) as { usage?: { processes: number } }[];
  expect(listed.map(({ usage }) => usage?.processes)).toEqual([expect.any(Number)]);
  const info = await hub.ws(["--on", "desk", "info", "demo", "--usage"]);
  expect(info.out).toMatch(/^Uses +[\d.]+ % of a CPU, [\d.]+ [KM]iB, \d+ threads?$/m);
});

test("A worker that is away or was never added is said to be, with the exit code of what does not answer or is not there", async () => {
  for (const command of [["list"], ["exec", "demo", "--", "true"], ["file", "get", "demo", "x", "y"]]) {
    const away = await hub.ws(["--on", "laptop", ...command]);
    expect(away).toMatchObject({ code: command[0] === "exec" ? 125 : 5, out: "" });
    expect(away.err).toContain("'laptop' is not there; it has never been there");
    expect((await hub.ws(["--on", "nobody", ...command])).err).toContain(
      "There is no worker 'nobody'. (worker_not_found)",
    );
  }
  expect((await hub.ws(["--on", "nobody", "list"])).code).toBe(3);
});

test("What has no meaning for a worker behind another agent is refused and not done to the agent itself", async () => {
  for (const argv of [
    ["agent", "run", "--on", "desk"],
    ["open", "--on", "desk"],
    ["list", "--on", "../"],
  ]) {
    expect([argv, (await hub.ws(argv)).code]).toEqual([argv, 2]);
  }
});

test("A worker is renamed and removed on its hub, and goes on", async () => {
  expect((await hub.ws(["worker", "rename", "desk", "tower"])).out).toBe("desk  is now tower\n");
  expect((await hub.ws(["--on", "tower", "exec", "demo", "--", "echo", "hi"])).out).toBe("hi\n");
  expect((await hub.ws(["worker", "remove", "tower"])).err).toContain("will no longer be reached");
  const removed = await hub.ws(["worker", "remove", "tower", "--yes"]);
  expect([removed.out, removed.err]).toEqual(["tower  removed\n", expect.stringContaining("is no longer reached")]);
  expect((await desk.ws(["list"])).out).toMatch(/demo +running/);
  await expect.poll(async () => (await desk.ws(["info"])).out).toMatch(/refuses this worker/);
});
