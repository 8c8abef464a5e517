import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createLaunchd } from "./launchd.ts";
import type { RunProgram } from "./run-program.ts";

/** What launchd answers as its manual has it: one domain, one service, which takes one look to go. */
function standIn() {
  const directory = mkdtempSync(join(tmpdir(), "ws-launchd-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const calls: string[] = [];
  let state: "gone" | "running" | "going" = "gone";
  let pid = 100;
  const run: RunProgram = async (_file, args) => {
    const [verb = "", target = ""] = args;
    calls.push(args.join(" "));
    const no = (stderr: string) => ({ code: 113, stdout: "", stderr });
    const yes = (stdout = "") => ({ code: 0, stdout, stderr: "" });
    if (verb === "print" && target === "gui/501") return yes();
    if (verb === "print") {
      if (state === "gone") return no("Could not find service");
      const shown = `gui/501/dev.workspace.agent = {\n\tstate = running\n\tpid = ${pid}\n}`;
      if (state === "going") state = "gone";
      return yes(shown);
    }
    if (verb === "bootstrap" && state !== "gone") return no("Bootstrap failed: 5: Input/output error");
    if (verb === "bootstrap" || verb === "kickstart") {
      state = "running";
      pid += 1;
    }
    if (verb === "bootout") state = "going";
    return yes();
  };
  return { calls, manager: createLaunchd({ directory, uid: 501, run }) };
}

test("a service of launchd is begun, begun anew once the former has gone, and ended", async () => {
  const { manager, calls } = standIn();
  await manager.requireThere();
  expect(await manager.state()).toEqual({ active: "inactive", enabled: false });
  const service = { scope: "user", directory: "/d", program: { node: "/n", words: ["/m"] } } as const;
  writeFileSync(manager.file, manager.describe(service));
  await manager.begin();
  expect(await manager.state()).toEqual({ active: "active", enabled: true, pid: 101 });
  await manager.begin();
  expect(await manager.state()).toMatchObject({ pid: 102 });
  expect(calls).toContain(`bootstrap gui/501 ${manager.file}`);
  await manager.end();
  await manager.end();
  expect(await manager.state()).toEqual({ active: "inactive", enabled: false });
});

test("a person who is not logged in has no launchd, and is told what to do", async () => {
  const run: RunProgram = async () => ({ code: 125, stdout: "", stderr: "Domain does not support specified action" });
  const manager = createLaunchd({ directory: "/d", uid: 501, run });
  await expect(manager.requireThere()).rejects.toMatchObject({ code: "service_unavailable", exit: 5 });
});
