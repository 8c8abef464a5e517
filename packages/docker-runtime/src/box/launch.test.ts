import { execFileSync, spawnSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { createHeaderReader, launchCode } from "./launch.ts";

const environment = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };

function launch(argv: [string, ...string[]], cwd = "/"): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync("sh", ["-c", launchCode({ argv, cwd, environment })]);
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

describe("the launcher", () => {
  test("becomes the program, after one line about itself", () => {
    const { stdout, stderr, status } = launch(["sh", "-c", "echo $$; exit 4"], "/usr");
    expect(stderr).toBe(`\u0001ws started ${stdout.trim()}\n`);
    expect(status).toBe(4);
  });

  test.each([
    { argv: ["no-such-program"] as [string], cwd: "/", says: "bad_command missing" },
    { argv: ["/etc/passwd"] as [string], cwd: "/", says: "bad_command denied" },
    { argv: ["/"] as [string], cwd: "/", says: "bad_command denied" },
    { argv: ["true"] as [string], cwd: "/no such", says: "bad_cwd missing" },
    { argv: ["true"] as [string], cwd: "/etc/passwd", says: "bad_cwd not_directory" },
  ])("says '$says' and runs nothing", ({ argv, cwd, says }) => {
    expect(launch(argv, cwd)).toEqual({ stdout: "", stderr: `\u0001ws ${says}\n`, status: 1 });
  });

  test("is plain enough for the smallest shells", () => {
    const code = launchCode({ argv: ["echo", "it's"], cwd: "/", environment, groupDirectory: "/tmp/x y" });
    expect(execFileSync("sh", ["-n"], { input: code }).toString()).toBe("");
  });
});

describe("the reader of its line", () => {
  test("finds it in any pieces, drops what came before and passes on what comes after", async () => {
    const whole = Buffer.from("bash: warning: locale\n\u0001ws started 42\r\nerror output\n");
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const reader = createHeaderReader();
      const parts = [reader.push(whole.subarray(0, cut)), reader.push(whole.subarray(cut))];
      expect(await reader.header).toEqual({ type: "started", pid: 42 });
      const rest = Buffer.concat(parts.filter((part) => part !== undefined));
      expect(rest.toString()).toBe("error output\n");
    }
  });

  test("keeps what came instead", () => {
    const reader = createHeaderReader();
    expect(reader.push(Buffer.from("This account is not available.\n"))).toBeUndefined();
    expect(reader.noise()).toBe("This account is not available.");
  });

  test("keeps of it nothing that could control a terminal", () => {
    const reader = createHeaderReader();
    const bytes = Buffer.from("\u001b]0;title\u0007no\r\nsuch\u0000 shell\u001b[2J");
    reader.push(bytes);
    expect(reader.noise()).toBe("]0;title no such  shell [2J");
  });
});
