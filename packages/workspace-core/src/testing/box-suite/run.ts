import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { encode, expectRefusal, finish, freshDirectory, script } from "./probing.ts";

export function runTests(place: () => BoxUnderTest): void {
  describe("running a program", () => {
    test("keeps stdout, stderr and the exit code apart", async () => {
      const { box } = place();
      expect(await finish(box, ["sh", "-c", "echo out; echo err >&2; exit 3"])).toEqual({
        stdout: "out\n",
        stderr: "err\n",
        code: 3,
      });
    });

    test("passes every argument unchanged, whatever a shell would make of it", async () => {
      const { box } = place();
      const { stdout } = await finish(box, ["printf", "%s\\0", ...AWKWARD]);
      expect(stdout.split("\0").slice(0, -1)).toEqual(AWKWARD);
    });

    test("takes a single long argument and many short ones", async () => {
      const { box } = place();
      const long = "ü'".repeat(40_000);
      const many = Array.from({ length: 20_000 }, (_each, index) => `argument ${index}`);
      expect((await finish(box, ["printf", "%s", long])).stdout).toBe(long);
      expect((await finish(box, ["printf", "%s,", ...many])).stdout).toBe(`${many.join(",")},`);
    });

    test("passes variables unchanged, newlines included, and to this process only", async () => {
      const { box } = place();
      const env = Object.fromEntries(AWKWARD.map((value, index) => [`AWKWARD_${index}`, value]));
      const { stdout } = await finish(box, ["env", "-0"], { env });
      const seen = stdout.split("\0");
      for (const [name, value] of Object.entries(env)) expect(seen).toContain(`${name}=${value}`);
      expect(await script(box, "env")).not.toContain("AWKWARD_");
    });

    test("lets a given variable win over the place's own, PATH and HOME included", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/only-here`, encode('#!/bin/sh\necho "$HOME $IFS $UID"\n'), { mode: 0o755 });
      const env = { PATH: `${directory}:/usr/bin:/bin`, HOME: "/elsewhere", IFS: ":", UID: "4711" };
      const { stdout } = await finish(box, ["only-here"], { env });
      expect(stdout).toMatch(/^\/elsewhere /);
    });

    test("carries hundreds of variables and a hundred kilobytes in one", async () => {
      const { box } = place();
      const env: Record<string, string> = { LARGE: "x\n".repeat(50_000) };
      for (let index = 0; index < 300; index += 1) env[`MANY_${index}`] = `value ${index}`;
      const { stdout } = await finish(box, ["sh", "-c", 'env | grep -c "^MANY_"; printf %s "$LARGE" | wc -c'], { env });
      expect(stdout.split(/\s+/)).toEqual(["300", "100000", ""]);
    });

    test("shows no variable in any process's arguments (secrets in argv: `-c http.extraHeader`)", async () => {
      const { box } = place();
      const canary = `canary-${crypto.randomUUID()}`;
      const dump = 'for f in /proc/[0-9]*/cmdline; do cat "$f"; echo; done 2>/dev/null; echo end';
      const { stdout } = await finish(box, ["sh", "-c", dump], { env: { SECRET: canary } });
      expect(stdout).toMatch(/end\n$/);
      expect(stdout).not.toContain(canary);
    });

    test("runs as the place's user, in its home, with the place's own environment", async () => {
      const { box } = place();
      expect((await finish(box, ["pwd"])).stdout.trim()).toBe(box.home);
      expect((await finish(box, ["id", "-un"])).stdout.trim()).toBe(box.user);
      expect((await finish(box, ["sh", "-c", 'printf %s "$HOME"'])).stdout).toBe(box.home);
      expect(box.repositoryDirectory("demo")).toContain("/");
    });

    test("leaves no trace of the way in in the program's environment", async () => {
      expect(await script(place().box, "env | grep -E '^(SSH_|WS_)' || :")).toBe("");
    });

    test("runs in the given directory", async () => {
      const { box } = place();
      const directory = `${await freshDirectory(box)}/with 'quotes' and $(id)`;
      await box.files.mkdir(directory);
      expect((await finish(box, ["pwd"], { cwd: directory })).stdout).toBe(`${directory}\n`);
    });

    test("tells a missing command from one that exits with 127", async () => {
      const { box } = place();
      // A shell's own words are no programs.
      await expectRefusal(box.run(["export"]), "command_not_found");
      expect(await finish(box, ["sh", "-c", "exit 127"])).toMatchObject({ code: 127 });
      await expectRefusal(box.run(["/etc/passwd"]), "permission_denied");
    });

    test("reports the signal that ended a program as 128 + n", async () => {
      const { box } = place();
      const { code, signal } = await finish(box, ["sh", "-c", "kill -KILL $$"]);
      expect(code).toBe(137);
      expect(["SIGKILL", undefined]).toContain(signal);
    });

    test("knows the exit code of each of a hundred programs, also of one that closed its outputs before", async () => {
      const { box } = place();
      for (let round = 0; round < 5; round += 1) {
        const codes = Array.from({ length: 20 }, (_each, index) => index);
        const ended = await Promise.all(
          codes.map((code) => finish(box, ["sh", "-c", `exec >&- 2>&-; sleep 0.02; exit ${code}`])),
        );
        expect(ended.map(({ code }) => code)).toEqual(codes);
      }
    });
  });
}

const AWKWARD = [
  "",
  " ",
  "plain",
  "two words",
  "'",
  '"',
  "''\"\"",
  "\\",
  "\\'",
  "\n",
  "trailing newline\n",
  "a\nb\n.\n.\nc",
  "=",
  ".",
  "$HOME $(id) `id` ${PATH}",
  "; exit 1 #",
  "&& || | & > < *?[a-z] ~ !! !$",
  "-n",
  "--",
  "%s\\n",
  "\t\r\u0001\u0007\u001b[31m\u007f",
  "Grüße 世界 🚀 \u0301",
  "\u0081\u0088\u009f",
];
