import { mkdtempSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boxSuite, runtimeSuite, type BoxUnderTest, type RunsPlace } from "@ws/workspace-core/testing";
import { afterAll } from "vitest";
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
    reads: process.env["WS_SOAK"] === undefined ? 2_000 : 200_000,
    reopen: () => runtime.open(spec.id),
    async restart() {
      await runtime.stop(spec.id);
      await runtime.start(spec);
      return runtime.open(spec.id);
    },
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await subject[Symbol.asyncDispose]();
    },
  };
}
