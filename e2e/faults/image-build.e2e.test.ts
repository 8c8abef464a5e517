import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { docker, engineHoldings, startAgentProcess } from "../support/agent-process.ts";
import { copyInstallation } from "../support/installation.ts";
import { expectRefusal } from "../support/refusal.ts";

test("an image that does not build is told with what its build said, leaves nothing, and is built once it is repaired", async () => {
  await using installation = await copyInstallation();
  const dockerfile = join(installation.imageDirectory, "Dockerfile");
  const sound = await readFile(dockerfile, "utf8");
  const label = `ws.e2e=${randomUUID()}`;
  await writeFile(
    dockerfile,
    `ARG BASE=debian:bookworm-slim\nFROM \${BASE}\nLABEL ${label}\nRUN echo "no such part" >&2; exit 7\n`,
  );
  await using agent = await startAgentProcess({ command: installation.launcher, env: { WS_RUNTIME: "docker" } });

  await expectRefusal(agent, ["start", "demo"], {
    code: "image_build_failed",
    exit: 1,
    says: /exit 7|code: 7|no such part/,
    next: /\S/,
  });
  expect((await agent.ws(["list"])).stdout).toMatch(/demo +error \(image_build_failed\)/);
  expect((await agent.ws(["logs", "demo"])).stdout).toContain("no such part");
  expect(await engineHoldings(agent.instance)).toMatchObject({ containers: [], volumes: [] });
  expect(await docker("ps", "-aq", "--filter", `label=${label}`)).toEqual([]);

  await writeFile(dockerfile, sound);
  await agent.stop();
  await agent.start();
  expect(await agent.ws(["start", "demo"])).toMatchObject({ code: 0, stdout: expect.stringContaining("running") });
  const layers = await docker("images", "-aq", "--filter", `label=${label}`);
  if (layers.length > 0) await docker("rmi", "-f", ...layers);
});
