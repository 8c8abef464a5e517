import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Service } from "./service.ts";
import { UNIT, unitText } from "./unit.ts";

const service: Service = {
  scope: "user",
  directory: "/home/ada/.config/workspace",
  program: { node: "/usr/bin/env", words: ["--max-semi-space-size=1", "/opt/ws/main.js"] },
};

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "ws-unit-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** What systemd's own reader finds wrong with a unit; it knows words that it warns of and lets pass. */
function faults(of: Service): string {
  const directory = newDirectory();
  const file = join(directory, UNIT);
  writeFileSync(file, unitText(of));
  const words = [...(of.scope === "user" ? ["--user"] : []), "--man=no", "verify", file];
  const env = { ...process.env, XDG_RUNTIME_DIR: directory };
  const { status, stderr } = spawnSync("systemd-analyze", words, { encoding: "utf8", env });
  return status === 0 ? stderr : `${status}: ${stderr}`;
}

test.each<[string, Partial<Service>]>([
  ["of a person", {}],
  ["of a person, with a port", { port: 8000, lingering: true }],
  ["of the machine", { scope: "system", user: "daemon" }],
  ["of the machine and of root", { scope: "system", user: "root" }],
])("systemd has nothing against the unit of a service %s", (_, differs) => {
  expect(faults({ ...service, ...differs })).toBe("");
});

test("a fault would be seen", () => {
  const missing = { ...service, program: { node: "/nowhere/node", words: [] } };
  expect(faults(missing)).toContain("Command /nowhere/node is not executable");
});

test("paths with what systemd reads as more than a path are named as they are", () => {
  const place = join(newDirectory(), "my $HOME 100%u ;#");
  mkdirSync(place);
  const node = join(place, "node %h");
  writeFileSync(node, "");
  chmodSync(node, 0o755);
  const odd: Service = {
    ...service,
    directory: join(place, 'back\\slash "q"'),
    program: { node, words: [join(place, "it's $a ${b}")] },
  };
  expect(faults(odd)).toBe("");
  const lines = unitText(odd).split("\n");
  expect(lines).toContainEqual(expect.stringMatching(/^ExecStart=".*\/my \$HOME 100%%u ;#\/node %%h" ".*it's \$\$a/));
  expect(lines).toContainEqual(expect.stringMatching(/^Environment="WS_CONFIG_DIR=.*back\\\\slash \\"q\\""$/));
});

test.each([
  ["a line's end in the directory", { directory: "/home/ada\nExecStartPre=/bin/false" }],
  ["quotes in what is run", { program: { node: '/opt/"x"/node', words: [] } }],
  ["a user that is no name", { scope: "system", user: "ada\nUser=root" }],
] satisfies [string, Partial<Service>][])("%s make no unit", (_, differs) => {
  expect(() => unitText({ ...service, ...differs })).toThrow(
    expect.objectContaining({ code: "service_program" }) as Error,
  );
});

test("a stop ends the agent alone, and what is known to break workspaces on the local runtime is not asked for", () => {
  for (const scope of ["user", "system"] as const) {
    const text = unitText({ ...service, scope, ...(scope === "system" ? { user: "daemon" } : {}) });
    expect(text).toMatch(/^KillMode=process$/m);
    expect(text).toMatch(/^OOMPolicy=continue$/m);
    expect(text).toMatch(/^WatchdogSec=30$/m);
    expect(text).toMatch(/^UMask=0077$/m);
    // What the agent prints for a person lets in; what hangs must not write its memory to the disk.
    expect(text).toMatch(/^StandardOutput=null\nStandardError=journal$/m);
    expect(text).toMatch(/^WatchdogSignal=SIGTERM$/m);
    expect(text).toMatch(/^NoNewPrivileges=yes$/m);
    expect(text).not.toMatch(/^(?:PrivateTmp|MemoryDenyWriteExecute|RestrictNamespaces|ProtectHome|ProtectProc)/m);
    // In its own part: elsewhere systemd only warns, and starts it for ever.
    expect(text.slice(0, text.indexOf("[Service]"))).toContain("StartLimitBurst=5");
  }
});
