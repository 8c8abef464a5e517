import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { makeHelperScript, parseHelperScript, type HelperScript } from "./helper-script.ts";

const capability = randomBytes(24).toString("base64url");
const script: HelperScript = {
  workspace: "ws-abc123",
  execution: "exec-def456",
  expiresAt: Date.parse("2099-01-15T11:30:00.000Z"),
  protocol: "https",
  host: "forge.test",
  path: "org/repo",
  capability,
};
const ANSWER = `protocol=https\nhost=forge.test\nusername=x-access-token\npassword=${capability}\n`;
const ASKED = "protocol=https\nhost=forge.test\npath=org/repo\n\n";

test("its header says whose it is and how long it is good, and is read back", () => {
  const text = makeHelperScript(script);
  expect(text.split("\n").slice(1, 4)).toEqual([
    "# Workspace: ws-abc123",
    "# Execution: exec-def456",
    "# Expires: 2099-01-15T11:30:00.000Z",
  ]);
  const { workspace, execution, expiresAt } = script;
  expect(parseHelperScript(text)).toEqual({ workspace, execution, expiresAt });
  const { execution: _none, ...alone } = script;
  expect(parseHelperScript(makeHelperScript(alone))).toEqual({ workspace, expiresAt });
  expect(parseHelperScript("#!/bin/sh\necho\n")).toBeUndefined();
});

test("it answers git's question for its own repository, with and without .git", () => {
  expect(run("get", ASKED)).toBe(ANSWER);
  expect(run("get", ASKED.replace("org/repo", "org/repo.git"))).toBe(ANSWER);
  expect(run("get", `capability[]=authtype\n${ASKED}`)).toBe(ANSWER);
});

test.each([
  ["another host (host confusion, CVE-2020-5260)", "protocol=https\nhost=evil.test\npath=org/repo\n\n"],
  ["a host within a host", "protocol=https\nhost=forge.test.evil.test\npath=org/repo\n\n"],
  ["a carriage return in the host (CVE-2024-52006)", "protocol=https\nhost=forge.test\r\npath=org/repo\n\n"],
  ["a carriage return that ends every line", ASKED.replaceAll("\n", "\r\n")],
  ["an escaped line end", "protocol=https\nhost=forge.test%0ahost=evil.test\npath=org/repo\n\n"],
  ["an escaped carriage return", "protocol=https\nhost=forge.test%0d\npath=org/repo\n\n"],
  ["a host that is said twice", "protocol=https\nhost=forge.test\nhost=evil.test\npath=org/repo\n\n"],
  ["an escape sequence", "protocol=https\nhost=forge.test\u001b[0m\npath=org/repo\n\n"],
  ["another protocol", "protocol=http\nhost=forge.test\npath=org/repo\n\n"],
  ["another repository", "protocol=https\nhost=forge.test\npath=org/repo-secrets\n\n"],
  ["a walk", "protocol=https\nhost=forge.test\npath=org/x/../repo\n\n"],
  ["no path", "protocol=https\nhost=forge.test\n\n"],
  ["a whole URL", "url=https://forge.test/org/repo\n\n"],
  ["nothing", ""],
])("it says nothing to %s", (_what, asked) => {
  expect(run("get", asked)).toBe("");
});

test("it says nothing to any other verb, and keeps and forgets nothing", () => {
  for (const verb of ["store", "erase", "list", ""]) expect(run(verb, ASKED)).toBe("");
});

test("it says nothing once it has expired", () => {
  expect(run("get", ASKED, { ...script, expiresAt: Date.now() - 2_000 })).toBe("");
});

test.each([
  ["workspace", "ws-a\n# Execution: other"],
  ["workspace", "ws-$(id)"],
  ["execution", "x'; touch /tmp/pwned; '"],
  ["host", "forge.test'\ntouch x"],
  ["host", "forge.test%0aevil.test"],
  ["path", "org/repo'$(id)'"],
  ["path", "org/repo%0a"],
  ["path", "/org/repo"],
  ["capability", "short"],
  ["capability", `${capability}'`],
] as const)("it is not made with a %s that is %j", (field, value) => {
  expect(() => makeHelperScript({ ...script, [field]: value })).toThrow(
    expect.objectContaining({ code: "invalid_input", data: { field } }),
  );
});

function run(verb: string, input: string, changes: HelperScript = script): string {
  const { stdout, status, stderr } = spawnSync("sh", ["-c", makeHelperScript(changes), "helper", verb], {
    input,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}
