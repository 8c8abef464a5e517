import { symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTailscaled, type Tailscaled } from "../testing/tailscaled.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { findLocalApi, type LocalApi } from "./local-api.ts";

let daemon: Tailscaled;
let api: LocalApi;

beforeAll(async () => {
  daemon = await startTailscaled({ id: "nSELF", addresses: ["100.64.0.1", "fd7a::1"], name: "desk" }, "ada@x.test");
  daemon.nodes.set("fd7a::2", { id: "nLAP", name: "laptop", login: "ada@x.test" });
  api = findLocalApi(daemon.socket) as LocalApi;
});
afterAll(() => daemon[Symbol.asyncDispose]());

test("the daemon is asked as it wants to be asked: by its own name, and as no browser would", async () => {
  expect(await api.whois("fd7a::2", 4711)).toMatchObject({ Node: { StableID: "nLAP" } });
  expect(await api.whois("100.64.0.9", 1)).toBeUndefined();
  expect((await api.status({ peers: false })).Self).toMatchObject({
    ID: "nSELF",
    TailscaleIPs: ["100.64.0.1", "fd7a::1"],
  });
  expect(daemon.asked.map(({ path }) => path)).toEqual([
    "/localapi/v0/whois?addr=%5Bfd7a%3A%3A2%5D%3A4711",
    "/localapi/v0/whois?addr=100.64.0.9%3A1",
    "/localapi/v0/status?peers=false",
  ]);
});

test.each(["garbage", "error", "silence"] as const)(
  "%s instead of an answer says nothing of anybody",
  async (broken) => {
    daemon.broken = broken;
    await expect(api.whois("fd7a::2", 1)).rejects.toThrow();
    await expect(api.status({ peers: true })).rejects.toThrow();
    daemon.broken = undefined;
  },
);

test("where no socket is, there is no daemon", async () => {
  using directory = tempDir();
  expect(findLocalApi(join(directory.path, "none"))).toBeUndefined();
  expect(findLocalApi(directory.path)).toBeUndefined();
  // A directory that cannot be looked into, or that is none.
  symlinkSync("loop", join(directory.path, "loop"));
  for (const path of ["loop/none", "x".repeat(5_000)]) expect(findLocalApi(join(directory.path, path))).toBeUndefined();
  const gone = join(directory.path, "gone.sock");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(gone, resolve));
  await new Promise((resolve) => server.close(resolve));
  await expect(findLocalApi(gone)?.whois("fd7a::2") ?? Promise.reject(new Error("none"))).rejects.toThrow();
});
