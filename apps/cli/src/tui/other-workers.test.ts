import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createContext } from "../context.ts";
import { findTarget } from "../target.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { type LocalAgent, startLocalAgent } from "../testing/local-agent.ts";
import { otherWorkers } from "./other-workers.ts";
import { openSession } from "./state/session.ts";

let hub: LocalAgent;
let desk: LocalAgent;

beforeAll(async () => {
  hub = await startLocalAgent();
  const { out } = await hub.ws(["worker", "add", "desk"]);
  desk = await startLocalAgent({ WS_HUB_URL: hub.url, WS_HUB_TOKEN: out.trim() });
  const isThere = async () => expect((await hub.ws(["worker", "list"])).out).toContain("online");
  await vi.waitFor(isThere, { timeout: 5_000 });
}, 20_000);

afterAll(async () => {
  await desk[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

test.each([
  ["where nothing is said", {}, undefined],
  ["where another one is named", {}, "desk"],
  ["where the surroundings name another one", { WS_ON: "desk" }, undefined],
])("the agent of this machine is among the workers, and the one that is shown is marked, %s", async (_, env, on) => {
  const io = createFakeIo({ WS_CONFIG_DIR: hub.configDirectory, ...env });
  const context = createContext(io);
  context.on = on;
  const session = await openSession(io, await findTarget(io.env, on));
  using others = otherWorkers(context, session);
  const isDesk = on !== undefined || "WS_ON" in env;
  const shown = async () => (await others.list()).map(({ via, isShown }) => [via, isShown]);
  expect(await shown()).toEqual([
    ["device", !isDesk],
    ["this machine", isDesk],
  ]);
  const [home, behind] = await others.list();
  const { signal } = new AbortController();
  for (const [worker, target] of [
    [behind, { on: "desk" }],
    [home, { kind: "socket" }],
  ] as const) {
    if (worker === undefined) throw new Error("There is no such worker.");
    expect(await others.use(worker, signal)).toMatchObject({ target });
  }
  expect(await shown()).toEqual([
    ["device", true],
    ["this machine", false],
  ]);
});
