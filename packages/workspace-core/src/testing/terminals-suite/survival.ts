import { expect, test } from "vitest";
import { concatBytes } from "../../bytes.ts";
import { createTerminals } from "../../terminals/create-terminals.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { encode, expectAlive, expectRefusal, freshDirectory, script } from "../box-suite/probing.ts";
import { clock, freshId, openShell, readUntilText, type } from "./driving.ts";
import type { Bytes } from "../../ports.ts";

/** What only a place with a holder can do. */
export function survivalTests(current: () => BoxUnderTest): void {
  test("The program lives through the loss of the Box, and reading goes on at the same byte", async () => {
    const { reopen } = current();
    const id = freshId();
    const parts: Bytes[] = [];
    let next = 0;
    let pid = "";
    const lines = 60_000;
    {
      await using box = await reopen();
      const terminals = await createTerminals(box, { clock });
      const code = `stty raw -echo; echo $$; head -c 1 >/dev/null; seq -f %015.0f 0 ${lines - 1}; cat`;
      const { start } = await openShell(terminals, id, code);
      const first = await readUntilText(terminals, id, start, /(\d+)\n/);
      pid = /(\d+)\n/.exec(first.text)?.[1] ?? "";
      await type(terminals, id, "\r");
      next = first.next;
      for await (const { offset, bytes } of terminals.read(id, next)) {
        expect(offset).toBe(next);
        parts.push(bytes.slice());
        next += bytes.length;
        if (parts.length === 3) break;
      }
    }
    await using box = await reopen();
    await expectAlive(box, pid);
    const terminals = await createTerminals(box, { clock });
    const begun = next - parts.reduce((sum, part) => sum + part.length, 0);
    for await (const { offset, bytes } of terminals.read(id, next)) {
      expect(offset).toBe(next);
      parts.push(bytes.slice());
      next += bytes.length;
      if (next - begun >= lines * 16) break;
    }
    const expected = Array.from({ length: lines }, (_, line) => `${String(line).padStart(15, "0")}\n`).join("");
    expect(new TextDecoder().decode(concatBytes(parts)) === expected).toBe(true);
    await type(terminals, id, "typed");
    await terminals.end(id);
  });

  test("A reader that keeps reading gets every byte of a flood that is faster than it", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock, keepBytes: 4 * 1024 * 1024 });
    const id = freshId();
    const lines = 2_000_000;
    const { start } = await openShell(terminals, id, `stty raw; seq -f %015.0f 0 ${lines - 1}`);
    let next = start;
    let chunks = 0;
    for await (const { offset, bytes } of terminals.read(id, start)) {
      expect(offset).toBe(next);
      next += bytes.length;
      chunks += 1;
      if (chunks % 8 === 0) await script(box, "true");
    }
    expect(next).toBe(start + lines * 16);
  });

  test("What a program asks of its terminal is answered once, with nobody there", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const code = `stty raw -echo min 0 time 15; printf '\\033[c'; answer=$(head -c 200 | tr -d '\\033'); echo "<$answer>"`;
    const { start } = await openShell(terminals, id, code);
    const { text } = await readUntilText(terminals, id, start, />/);
    expect(text).toMatch(/<\[\?[\d;]+c>/);
    await terminals.end(id);
  });

  test("One that was cut off with its place is told as ended, and can be opened again", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, "echo here; cat");
    await readUntilText(terminals, id, start, "here");
    const server = `cd "$1" && kill -9 $(tmux -S s display-message -p '#{pid}')`;
    await script(box, server, `${box.home}/.local/state/ws/terminals/${id}`);
    await readUntilText(terminals, id, start, "here");
    await expect
      .poll(async () => (await terminals.list()).find((state) => state.id === id)?.exit, { timeout: 10_000 })
      .toBeDefined();
    const again = await openShell(terminals, id, "echo again; cat");
    expect(again.start).toBe(start + 6);
    await readUntilText(terminals, id, again.start, "again");
    await terminals.end(id);
  });

  test.each([
    ["is missing", undefined],
    ["fails", "echo 'no such module' >&2; exit 2"],
  ])("Where the writer of its log %s a terminal is refused, and nothing of it stays", async (_how, perl) => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const directory = `${await freshDirectory(box)}/bin`;
    const withoutPerl = `mkdir "$1" && ln -s $(ls -d /usr/bin/* | grep -v '/perl$') "$1"`;
    await script(box, withoutPerl, directory);
    if (perl !== undefined) await box.files.write(`${directory}/perl`, encode(`#!/bin/sh\n${perl}\n`), { mode: 0o755 });
    const open = (by = terminals): Promise<unknown> =>
      openShell(by, id, `sleep 86400; : ${id}`, { env: { PATH: directory } });
    const others = await createTerminals(box, { clock });
    await Promise.all([terminals, others].map((by) => expectRefusal(open(by), "box_feature_missing")));
    expect((await terminals.list()).filter((state) => state.id === id)).toEqual([]);
    expect(await script(box, 'ls "$1"', `${box.home}/.local/state/ws/terminals`)).not.toContain(id);
    expect(await script(box, `ps -eo args | grep '[:] ${id}' || :`)).toBe("");

    const { start } = await openShell(terminals, id, "echo before");
    await readUntilText(terminals, id, start, "before");
    await expect
      .poll(async () => (await terminals.list()).find((state) => state.id === id)?.exit, { timeout: 10_000 })
      .toBeDefined();
    await expectRefusal(open(), "box_feature_missing");
    const again = await openShell(terminals, id, "echo after");
    expect(again.start).toBe(start + "before\r\n".length);
    await readUntilText(terminals, id, again.start, "after");
  });

  test("Logs of ended terminals do not pile up", async () => {
    const terminals = await createTerminals(current().box, { clock });
    for (let count = 0; count < 10; count += 1) {
      const id = freshId();
      const { start } = await openShell(terminals, id, "true");
      await terminals.read(id, start)[Symbol.asyncIterator]().next();
    }
    const ended = (await terminals.list()).filter(({ exit }) => exit !== undefined);
    expect(ended.length).toBeLessThanOrEqual(9);
  });
}
