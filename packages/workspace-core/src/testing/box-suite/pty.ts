import { describe, expect, test } from "vitest";

import type { Box, Pty } from "../../ports.ts";
import type { BoxUnderTest } from "./under-test.ts";
import { decode, encode, expectCode, expectGone, refuses, text } from "./probing.ts";

const size = { cols: 81, rows: 25 };

export function ptyTests(place: () => BoxUnderTest): void {
  describe("a pseudo-terminal", () => {
    const open = async (
      argv: readonly [string, ...string[]],
      env: Record<string, string> = {},
    ): Promise<Terminal | undefined> => {
      const { box } = place();
      if (await refuses(box, "pty", () => box.openPty(argv, { size }))) return undefined;
      return terminal(box, await box.openPty(argv, { size, env }));
    };

    test("is one for the program, with the size that was asked for", async () => {
      const { box } = place();
      if (await refuses(box, "pty", () => box.openPty(["true"], { size }))) return;
      const pty = await box.openPty(["sh", "-c", "test -t 0 && test -t 1 && test -t 2 && stty size; exit 7"], { size });
      expect((await text(pty.output)).trim()).toBe("25 81");
      expect(await pty.exit).toEqual({ code: 7 });
    });

    test("tells the program of a new size", async () => {
      const shell = await open(["sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"]);
      if (shell === undefined) return;
      await shell.until("ready");
      shell.pty.resize({ cols: 132, rows: 43 });
      expect(await shell.until("43 132")).toContain("43 132");
      shell.pty.close();
    });

    test("passes what is typed and what is answered, control characters included", async () => {
      const shell = await open([
        "sh",
        "-c",
        "trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.05; done",
      ]);
      if (shell === undefined) return;
      await shell.until("ready");
      await shell.pty.write(encode("\u0003"));
      await shell.until("interrupted");
      expect((await shell.pty.exit).code).toBe(9);
    });

    test("carries variables and a directory, and shows neither", async () => {
      const canary = `canary-${crypto.randomUUID()}`;
      const shell = await open(["sh", "-c", 'test "$SECRET" = "$1" && echo equal; echo end', "sh", canary], {
        SECRET: canary,
      });
      if (shell === undefined) return;
      expect(await shell.until("end")).not.toContain(canary);
      expect(shell.seen()).toContain("equal");
    });

    test("hangs up when it is closed", async () => {
      const shell = await open(["sh", "-c", "echo pid=$$.; while :; do sleep 0.05; done"]);
      if (shell === undefined) return;
      const pid = /pid=(\d+)\./.exec(await shell.until("."))?.[1] ?? "";
      shell.pty.close();
      await expectGone(shell.box, pid);
    });

    test("refuses a program that is not there", async () => {
      const { box } = place();
      if (box.missing.includes("pty")) return;
      await expectCode(box.openPty(["surely-no-such-command"], { size }), "command_not_found");
    });
  });
}

interface Terminal {
  box: Box;
  pty: Pty;
  seen(): string;
  until(wanted: string): Promise<string>;
}

/** Reads all along, as a person's terminal does. */
function terminal(box: Box, pty: Pty): Terminal {
  let seen = "";
  const reading = (async () => {
    for await (const part of pty.output) seen += decode(part);
  })();
  reading.catch(() => undefined);
  return {
    box,
    pty,
    seen: () => seen,
    async until(wanted) {
      await expect.poll(() => seen, { timeout: 10_000, interval: 20 }).toContain(wanted);
      return seen;
    },
  };
}
