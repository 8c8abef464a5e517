import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readDescription } from "./note.ts";
import { LABEL, plistText } from "./plist.ts";
import type { Service } from "./service.ts";

const service: Service = {
  scope: "user",
  directory: "/Users/ada/my --> <worker> & more",
  program: { node: "/opt/homebrew/bin/node", words: ["--a=b", "/Users/ada/ws/main.js"] },
  port: 8000,
};

/** As a reader takes it that refuses what is malformed. */
function read(text: string): { value: Record<string, unknown>; stderr: string } {
  const code = "import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))";
  const { stdout, stderr } = spawnSync("python3", ["-c", code], { input: text, encoding: "utf8" });
  return { value: stdout === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>), stderr };
}

test("launchd is told how the agent is started, that it stays, and that what it started is not ended with it", () => {
  const { value, stderr } = read(plistText(service));
  expect(stderr).toBe("");
  expect(value).toMatchObject({
    Label: LABEL,
    ProgramArguments: [service.program.node, "--a=b", "/Users/ada/ws/main.js", "agent", "run", "--port", "8000"],
    EnvironmentVariables: { WS_CONFIG_DIR: service.directory },
    RunAtLoad: true,
    KeepAlive: true,
    AbandonProcessGroup: true,
    Umask: 63,
  });
});

test("a malformed one would be seen", () => {
  expect(read(plistText(service).replace("</dict>", "")).stderr).toContain("ExpatError");
});

test("what it was made from is read from it again, whatever is in it", () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-plist-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "it.plist");
  writeFileSync(file, plistText(service));
  expect(readDescription(file)).toMatchObject({ kind: "ours", service });
});
