import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { DoctorCheck } from "@ws/rpc-contract";
import { startAgentProcess, type AgentProcess } from "../support/agent-process.ts";
import { startEngineProxy, type EngineProxy } from "../support/engine-proxy.ts";
import { shareAgent } from "../support/share-agent.ts";

let engine: EngineProxy;
let agent: AgentProcess;

shareAgent(async (parts) => {
  engine = parts.use(await startEngineProxy());
  agent = parts.use(await startAgentProcess({ env: { WS_RUNTIME: "docker", DOCKER_HOST: engine.address } }));
  return agent;
});

interface Version {
  Components: { Name: string; Version: string; Details?: Record<string, string> }[];
}

/** Has the engine be made of these versions, as its own makers build them. */
async function madeOf(versions: { Engine: string; runc: string }): Promise<void> {
  const told = await new Promise<string>((resolve, reject) => {
    const socketPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
    const asking = request({ socketPath, path: "/version", agent: false }, (answer) => void text(answer).then(resolve));
    asking.on("error", reject).end();
  });
  const real = JSON.parse(told) as Version;
  const components = real.Components.map((part) => {
    const version = (versions as Record<string, string>)[part.Name];
    return version === undefined
      ? part
      : { ...part, Version: version, Details: { ...part.Details, GitCommit: `v${version}-0-g51d5e946` } };
  });
  engine.answer(/^GET (?:\/v[\d.]+)?\/version /, { ...real, Version: versions.Engine, Components: components });
}

async function doctor(): Promise<{ code: number; found: (id: string) => DoctorCheck | undefined }> {
  const { code, stdout } = await agent.ws(["doctor", "--json"]);
  const checks = JSON.parse(stdout) as DoctorCheck[];
  return { code, found: (id) => checks.find((check) => check.id === id) };
}

test("doctor fails on a runc that containers get out of, names the CVEs, and says what to install (row 20, CVE-2024-21626)", async () => {
  await madeOf({ Engine: "29.3.1", runc: "1.1.11" });
  const { code, found } = await doctor();
  expect(code).toBe(1);
  expect(found("runc")).toMatchObject({
    status: "fail",
    message: expect.stringMatching(/runc 1\.1\.11 \(CVE-2024-21626, CVE-2025-31133, CVE-2025-52565, CVE-2025-52881\)/),
    next: expect.stringMatching(/^Install runc 1\.2\.8, 1\.3\.3, 1\.4\.0 or later/),
  });
  const { stdout } = await agent.ws(["doctor"]);
  expect(stdout).toMatch(/✗ runc: A container can break out of runc 1\.1\.11/);
});

test("of an engine whose plugins can be passed by it warns, and of sound versions it says that they are (row 19, CVE-2026-34040)", async () => {
  await madeOf({ Engine: "29.3.0", runc: "1.3.3" });
  const old = await doctor();
  expect(old.found("docker")).toMatchObject({
    status: "warn",
    message: expect.stringContaining("CVE-2026-34040"),
    next: expect.stringContaining("29.3.1"),
  });
  expect(old.found("runc")).toMatchObject({ status: "ok" });
  expect(old.code).toBe(0);
  await madeOf({ Engine: "29.3.1", runc: "1.3.3" });
  expect((await doctor()).found("docker")).toMatchObject({ status: "ok" });
});
