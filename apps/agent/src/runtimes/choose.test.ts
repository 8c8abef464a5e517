import { WsError, type Runtime, type RuntimeName } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { chooseRuntimes } from "./choose.ts";

async function choose(options: {
  engine: boolean;
  setting?: "auto" | RuntimeName;
  recorded?: RuntimeName;
  dockerHost?: "unusable";
}) {
  const adapters = createFakeAdapters();
  if (!options.engine) adapters.docker.setReachable(false);
  const unusable = new WsError("engine_unreachable", { message: "DOCKER_HOST is odd.", data: { runtime: "docker" } });
  const runtime = {
    ...adapters.runtime,
    ...(options.dockerHost === undefined ? {} : { docker: () => Promise.reject(unusable) }),
  };
  const log = createSilentLog();
  let recorded = options.recorded;
  const { runtimes, status } = await chooseRuntimes({
    adapters: { runtime },
    setting: options.setting ?? "auto",
    recorded,
    record: (name) => void (recorded = name),
    clock: createManualClock(),
    log,
    signal: new AbortController().signal,
  });
  return { names: runtimes.map(({ name }) => name), status, recorded, log };
}

test("a start that is given up while the engine is asked decides and records nothing", async () => {
  for (const engine of [true, false]) {
    let recorded = false;
    const giveUp = new AbortController();
    const adapters = createFakeAdapters();
    const docker: Runtime = {
      ...adapters.docker,
      async status(signal) {
        giveUp.abort();
        expect(signal?.aborted).toBe(true);
        if (!engine) throw new WsError("engine_unreachable", { message: "Nobody.", data: { runtime: "docker" } });
        return adapters.docker.status(signal);
      },
    };
    const choosing = chooseRuntimes({
      adapters: { runtime: { ...adapters.runtime, docker: async () => docker } },
      setting: "auto",
      recorded: undefined,
      record: () => void (recorded = true),
      clock: createManualClock(),
      log: createSilentLog(),
      signal: giveUp.signal,
    });
    await expect(choosing).rejects.toMatchObject({ code: "aborted" });
    expect(recorded).toBe(false);
  }
});

describe("what new workspaces run on", () => {
  test("is Docker wherever an engine answers, with local beside it", async () => {
    const choice = await choose({ engine: true });
    expect(choice).toMatchObject({ names: ["docker", "local"], recorded: "docker", status: { runtime: "docker" } });
  });

  test("is local where no engine ever answered", async () => {
    expect(await choose({ engine: false })).toMatchObject({
      names: ["local"],
      recorded: "local",
      status: { runtime: "local", isolation: "none" },
    });
  });

  test("becomes Docker when an engine is there at a later start", async () => {
    expect((await choose({ engine: true, recorded: "local" })).names).toEqual(["docker", "local"]);
  });

  test("stays Docker without its engine: an error to see, never a silent loss of isolation", async () => {
    const choice = await choose({ engine: false, recorded: "docker" });
    expect(choice).toMatchObject({ names: ["docker", "local"], recorded: "docker" });
    expect(choice.status).toBeUndefined();
    expect(choice.log.lines.find(({ level }) => level === "error")?.fields["next"]).toContain("--runtime local");
  });

  test("is what the setting says", async () => {
    expect((await choose({ engine: true, setting: "local" })).names).toEqual(["local"]);
    expect(await choose({ engine: true, setting: "local", recorded: "docker" })).toMatchObject({
      names: ["local", "docker"],
      recorded: "docker",
    });
    expect((await choose({ engine: false, setting: "docker" })).names).toEqual(["docker", "local"]);
  });

  test("is local where DOCKER_HOST cannot be used and nobody needs Docker", async () => {
    expect((await choose({ engine: false, dockerHost: "unusable" })).names).toEqual(["local"]);
    await expect(choose({ engine: false, dockerHost: "unusable", recorded: "docker" })).rejects.toMatchObject({
      code: "engine_unreachable",
    });
  });
});
