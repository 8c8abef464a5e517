import { expect, test } from "vitest";
import { createTerminals } from "../../terminals/create-terminals.ts";
import { encode, script } from "../box-suite/probing.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { clock, freshId, openShell, readUntilText, type } from "./driving.ts";

/** What the program in the workspace can do to the files that hold its terminal. */
export function hostileTests(current: () => BoxUnderTest): void {
  const directoryOf = (id: string): string => `${current().box.home}/.local/state/ws/terminals/${id}`;

  test("A directory that was made up to look like a terminal is not taken for one", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const code = 'mkdir "$1" && cd "$1" && echo 1 x >meta && echo x >start && : >log && echo x y >exit';
    await script(box, code, directoryOf(id));
    await script(box, 'mkdir "$1" && cd "$1" && mkfifo meta log start exit', directoryOf(`${id}-p`));
    expect((await terminals.list()).filter((state) => state.id.startsWith(id))).toEqual([]);
    const { start } = await openShell(terminals, id, "echo here; cat");
    await readUntilText(terminals, id, start, "here");
    await terminals.end(id);
  });

  test.each(["echo x >start", "ln -sfn /dev/zero start", "echo 99999999999999999999 >start"])(
    "A terminal goes on where its own program wrote over where its log begins: %s",
    async (code) => {
      const { box } = current();
      const terminals = await createTerminals(box, { clock });
      const id = freshId();
      const { start } = await openShell(terminals, id, "stty -echo; echo ready; read -r line; echo before; cat");
      const { next } = await readUntilText(terminals, id, start, "ready\r\n");
      await script(box, `cd "$1" && rm -f start && ${code} && printf 'a\\0b\\n' >>log`, directoryOf(id));
      const reading = readUntilText(terminals, id, next, "before");
      await type(terminals, id, "\r");
      expect((await reading).text).toContain("a\0b");
      const states = await terminals.list();
      expect(states.find((state) => state.id === id)).toMatchObject({ start: 0 });
      await terminals.end(id);
    },
  );

  test("An opening whose agent died goes on alone: nobody calls it ended, and who opens the terminal again gets it", async () => {
    const { reopen } = current();
    const id = freshId();
    const slow = `${directoryOf(id)}-bin`;
    {
      const box = await reopen();
      const perl = `#!/bin/sh\nuntil [ -e '${slow}/go' ]; do sleep 0.05; done\nexec /usr/bin/perl "$@"\n`;
      await script(box, 'mkdir -p "$1"', slow);
      await box.files.write(`${slow}/perl`, encode(perl), { mode: 0o755 });
      const path = (await script(box, 'echo "$PATH"')).trim();
      const terminals = await createTerminals(box, { clock });
      const opening = openShell(terminals, id, "echo first; cat", { env: { PATH: `${slow}:${path}` } });
      opening.catch(() => undefined);
      await expect
        .poll(() => script(box, '[ -f "$1/writer" ] && echo yes || :', directoryOf(id)), { timeout: 10_000 })
        .toBe("yes\n");
      await box[Symbol.asyncDispose]();
      await expect(opening).rejects.toThrow();
    }
    await using box = await reopen();
    const terminals = await createTerminals(box, { clock });
    for (const { exit } of (await terminals.list()).filter((state) => state.id === id)) expect(exit).toBeUndefined();
    await script(box, ': >"$1/go"', slow);
    const { start } = await openShell(terminals, id, "echo second; cat");
    const { text } = await readUntilText(terminals, id, start, /(first|second)\r\n/);
    // A place may end what is run in it together with its Box.
    expect(text.match(/first|second/g)).toHaveLength(1);
    expect((await terminals.list()).find((state) => state.id === id)?.exit).toBeUndefined();
    await script(box, 'rm -r "$1"', slow);
    await terminals.end(id);
  });

  test("A terminal whose server was halted is told as all others, and holds up none of them", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const [halted, other] = [freshId(), freshId()];
    for (const id of [halted, other]) {
      const { start } = await openShell(terminals, id, "echo here; cat");
      await readUntilText(terminals, id, start, "here");
    }
    await script(box, 'kill -STOP "$(cat "$1"/server)"', directoryOf(halted));
    const told = await terminals.list();
    expect(told.find(({ id }) => id === halted)?.exit).toBeUndefined();
    expect(told.map(({ id }) => id)).toEqual(expect.arrayContaining([halted, other]));
    for (const id of [halted, other]) await terminals.end(id);
  });

  test("A terminal whose writer is gone is told as ended, and its program ends", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, `trap '' HUP; echo here; while :; do sleep 86400; : ${id}; done`);
    await readUntilText(terminals, id, start, "here");
    const killWriter = `for p in /proc/[0-9]*; do
      [ "$(readlink $p/cwd 2>/dev/null)" = "$1" ] || continue
      ! tr '\\0' ' ' 2>/dev/null <$p/cmdline | grep -q '^perl ./write' || kill -9 \${p#/proc/}
    done; :`;
    await script(box, killWriter, directoryOf(id));
    await expect
      .poll(async () => (await terminals.list()).find((state) => state.id === id)?.exit, { timeout: 10_000 })
      .toBeDefined();
    await expect.poll(() => script(box, `ps -eo args | grep '[:] ${id}' || :`), { timeout: 10_000 }).toBe("");
  });
}
