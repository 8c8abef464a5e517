import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtimeSuite } from "@ws/workspace-core/testing";
import { createSubject, recordOf } from "./subject.ts";

/** The conformance suites with one isolation. Both workers of the runtime's suite share a directory. */
export function conformance(sandbox: "bubblewrap" | "none"): void {
  const shared = mkdtempSync(join(tmpdir(), "ws-suite-"));
  runtimeSuite(`the local runtime, sandbox: ${sandbox}`, async () => createSubject(sandbox, shared), {
    processes: true,
    async crash({ directory }, { id }) {
      process.kill(recordOf(directory, id).holder?.pid ?? 0, "SIGKILL");
      return { code: 137, oom: false };
    },
  });
}
