import { expect, test } from "vitest";
import { createTerminals } from "../../terminals/create-terminals.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { noise } from "../box-suite/probing.ts";
import { clock, freshId, openShell, readUntilText, sha256, type } from "./driving.ts";

/** What goes in. */
export function typingTests(current: () => BoxUnderTest): void {
  test("Every byte that is typed or pasted arrives once and in order, also while nobody reads it", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const parts = [1, 3, 256, 600_000, 2, 40_000, 511, 513].map((length, index) => noise(length, index + 1));
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    const code = `stty raw -echo; echo ready; sleep 0.3; head -c ${total} | sha256sum; echo done`;
    const { start } = await openShell(terminals, id, code);
    await readUntilText(terminals, id, start, "ready");
    await Promise.all(parts.map((part) => terminals.write(id, part)));
    const { text } = await readUntilText(terminals, id, start, "done");
    const whole = new Uint8Array(total);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    expect(text).toContain(await sha256(whole));
    await terminals.end(id);
  });

  test("A paste as long as its echo holds nothing up", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const { start } = await openShell(
      terminals,
      id,
      "stty raw -echo; echo ready; head -c 400000 | tee /dev/tty | wc -c; echo done",
    );
    await readUntilText(terminals, id, start, "ready");
    await terminals.write(id, new Uint8Array(400_000).fill(97));
    const { text } = await readUntilText(terminals, id, start, "done");
    expect(text).toContain("400000");
    await terminals.end(id);
  });

  test("Control-C reaches what runs in the foreground, and the shell lives on", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const code = "PS1='READY ' exec bash --norc -i";
    const { start } = await openShell(terminals, id, code);
    const ready = await readUntilText(terminals, id, start, "READY");
    await type(terminals, id, "echo begun; sleep 1000\r");
    const begun = await readUntilText(terminals, id, ready.next, /[\r\n]begun/);
    await type(terminals, id, "\u0003");
    const back = await readUntilText(terminals, id, begun.next, "READY");
    await type(terminals, id, "echo a$((1+1))b\r");
    expect((await readUntilText(terminals, id, back.next, "a2b")).text).toContain("a2b");
    await terminals.end(id);
  });

  test("A new size reaches the program", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const code = "trap 'stty size' WINCH; echo ready; while :; do read -r line || :; done";
    const { start } = await openShell(terminals, id, code);
    const { next } = await readUntilText(terminals, id, start, "ready");
    await terminals.resize(id, { cols: 133, rows: 41 });
    await type(terminals, id, "\r");
    await readUntilText(terminals, id, next, "41 133");
    expect((await terminals.list()).find((state) => state.id === id)?.size).toEqual({ cols: 133, rows: 41 });
    await terminals.end(id);
  });
}
