import { expect, test } from "vitest";
import { startAgentProcess } from "../support/agent-process.ts";
import { createDevice, openPairing } from "../support/device.ts";
import { createNetworkNamespace } from "../support/network-namespace.ts";
import { whoRuns } from "../support/who-runs.ts";

test("from a machine beside the worker: pair by TLS, create, shell, delete; whoever only knows the address gets nothing", async () => {
  await using there = await createNetworkNamespace();
  await using agent = await startAgentProcess({ env: { WS_HOST: "0.0.0.0", WS_TLS: "self" } });
  await using device = await createDevice(there.within);
  const worker = `${there.host}:${new URL(agent.url).port}`;

  const { code, ended } = await openPairing(agent);
  expect(await device.ws("pair", worker, code)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("paired") as string,
  });
  expect(await ended).toBe(0);
  expect(JSON.parse(await device.kept())).toMatchObject({
    workers: {
      [JSON.parse(await device.kept()).worker]: { url: `https://${worker}`, pin: expect.stringMatching(/^[\w-]{43}$/) },
    },
  });

  expect(await device.ws("config", "set", "worker", worker)).toMatchObject({ code: 0 });
  expect(await device.ws("start", "e2e-test")).toMatchObject({ code: 0 });
  expect(await device.ws("shell", "e2e-test", "-c", "whoami")).toEqual({
    code: 0,
    stdout: `${whoRuns("docker")}\n`,
    stderr: "",
  });
  expect(await device.ws("delete", "e2e-test", "--yes")).toMatchObject({ code: 0 });
  expect(JSON.parse((await device.ws("list", "--json")).stdout)).toEqual([]);

  await using stranger = await createDevice(there.within);
  expect(await stranger.ws("config", "set", "worker", worker)).toMatchObject({ code: 0 });
  expect((await stranger.ws("list")).code).not.toBe(0);
  expect(await stranger.ws("pair", worker, code)).toMatchObject({
    code: 6,
    stderr: expect.stringContaining("(pairing_failed)") as string,
  });
});
