import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boxSuite, runtimeSuite, type BoxUnderTest, type RunsPlace } from "@ws/workspace-core/testing";
import { afterAll, expect } from "vitest";
import { createSubject, newId, recordOf } from "./subject.ts";

/** The conformance suites with one isolation. Both workers of the runtime's suite share a directory. */
export function conformance(sandbox: "bubblewrap" | "none"): void {
  const shared = mkdtempSync(join(tmpdir(), "ws-suite-"));
  const objects = mkdtempSync(join(tmpdir(), "ws-suite-objects-"));
  writeFileSync(join(objects, "seen"), "objects");
  afterAll(() => Promise.all([shared, objects].map((path) => rm(path, { recursive: true }))));
  runtimeSuite(`the local runtime, sandbox: ${sandbox}`, async () => createSubject(sandbox, shared), {
    processes: true,
    objects: {
      directory: objects,
      add: (name, content) => writeFile(join(objects, name), content),
      kept: sandbox === "bubblewrap",
    },
    async crash({ directory }, { id }) {
      process.kill(recordOf(directory, id).holder?.pid ?? 0, "SIGKILL");
      return { code: 137, oom: false };
    },
  });
  boxSuite(`the local runtime, sandbox: ${sandbox}`, () => openPlace(sandbox));
}

/** A place to hold against the suites of Boxes and terminals. */
export function openPlace(sandbox: "bubblewrap" | "none"): Promise<BoxUnderTest> {
  return openRunsPlace(sandbox);
}

/** The same, for what outlives its Boxes and not its place. */
export async function openRunsPlace(sandbox: "bubblewrap" | "none"): Promise<RunsPlace> {
  const subject = createSubject(sandbox);
  const { runtime } = subject;
  const spec = { id: newId(), name: "suite", profile: "person", limits: {} } as const;
  await runtime.create(spec);
  await runtime.start(spec);
  const box = await runtime.open(spec.id);
  return {
    box,
    confined: true,
    ...(process.env["WS_SOAK"] === undefined ? { reads: 2_000 } : { reads: 200_000, many: 30 }),
    reopen: () => runtime.open(spec.id),
    async restart() {
      await runtime.stop(spec.id);
      await runtime.start(spec);
      return runtime.open(spec.id);
    },
    async killAgent(ids, code) {
      const { instance, directory } = subject;
      const orders = JSON.stringify({ instance, directory, id: spec.id, sandbox, ids, code });
      const file = fileURLToPath(new URL("./runs-agent.ts", import.meta.url));
      const agent = spawn(process.execPath, ["--conditions=source", file, orders], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const gone = once(agent, "exit");
      let said = "";
      for await (const part of agent.stdout) {
        said += String(part);
        if (said.includes("done\n")) break;
      }
      expect(said).toBe("done\n");
      agent.kill("SIGKILL");
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await subject[Symbol.asyncDispose]();
    },
  };
}
