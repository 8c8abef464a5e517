import { expect, test } from "vitest";
import { isWsError } from "../../errors.ts";
import { createTerminals } from "../../terminals/create-terminals.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { expectCode, expectGone } from "../box-suite/probing.ts";
import { clock, freshId, openShell, readText, readUntilText, type } from "./driving.ts";

/** From open to exit. */
export function lifeTests(current: () => BoxUnderTest): void {
  test("A program has its size, directory, variables and a plain xterm, and nothing of the holder", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const env = { GREETING: "it's\na 'day'" };
    const code = 'stty size; pwd; printf "%s|" "$GREETING"; echo "$TERM|$COLORTERM|${TMUX-none}|${TERM_PROGRAM-none}"';
    const { start } = await openShell(terminals, id, code, { cwd: "/usr", env });
    const said = (await readText(terminals, id, start)).replaceAll("\r\n", "\n");
    expect(said).toBe("24 80\n/usr\nit's\na 'day'|xterm-256color|truecolor|none|none\n");
  });

  test("Arguments arrive as they are", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const odd = ["a b", "'", '"$HOME"', ";", "\\", "*", "-n", "", "#{pid}", "é"];
    const size = { cols: 80, rows: 24 };
    const { start } = await terminals.open({ id, argv: ["printf", "<%s>", ...odd], size });
    expect(await readText(terminals, id, start)).toBe(odd.map((text) => `<${text}>`).join(""));
  });

  test("Its end ends the reading, the exit code is known, and a new program goes on at the same offset", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, "echo first; exit 7");
    expect(await readText(terminals, id, start)).toBe("first\r\n");
    const ended = (await terminals.list()).find((state) => state.id === id);
    expect(ended).toMatchObject({ start, end: start + 7, exit: { code: 7 } });
    expect(await readText(terminals, id, start + 2)).toBe("rst\r\n");
    await expectCode(type(terminals, id, "x"), "terminal_not_found");

    const again = await openShell(terminals, id, "stty -echo; echo second; read -r go");
    expect(again.isNew).toBe(true);
    expect(await openShell(terminals, id, "echo third")).toMatchObject({ isNew: false });
    await readUntilText(terminals, id, start + 7, "second");
    await type(terminals, id, "\n");
    expect(again.start).toBe(start + 7);
    expect(again.exit).toBeUndefined();
    expect(await readText(terminals, id, start + 7)).toBe("second\r\n");
  });

  test("A program that is not there is a message and an exit code, or a failure to open that says so", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const size = { cols: 80, rows: 24 };
    const said = terminals.open({ id, argv: ["no-such-program"], size }).then(
      ({ start }) => readText(terminals, id, start),
      (error: unknown) => (isWsError(error) ? error.code : "another error"),
    );
    expect(await said).toMatch(/not found|command_not_found/);
    const codes = (await terminals.list()).filter((state) => state.id === id).map(({ exit }) => exit?.code);
    expect([[], [127]]).toContainEqual(codes);
  });

  test("One that runs is returned as it is, also when many open it at once", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, "echo $$; cat");
    const { next } = await readUntilText(terminals, id, start, "\n");
    const states = await Promise.all([1, 2, 3].map(() => openShell(terminals, id, "echo another")));
    for (const state of states) expect(state).toMatchObject({ id, start, end: next, size: { cols: 80, rows: 24 } });
    await terminals.end(id);
  });

  test("Ending it ends the shell, what it runs in the foreground, and what ignores a hang-up", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const { start } = await openShell(
      terminals,
      id,
      "trap '' HUP; sh -c 'trap \"\" HUP; echo =$$=; cat' & echo +$$+; wait",
    );
    const { text } = await readUntilText(terminals, id, start, /=\d+=[\s\S]*\+\d+\+|\+\d+\+[\s\S]*=\d+=/);
    await terminals.end(id);
    await terminals.end(id);
    await expectGone(box, /\+(\d+)\+/.exec(text)?.[1] ?? "");
    await readText(terminals, id, start);
    expect((await terminals.list()).find((state) => state.id === id)?.exit).toBeDefined();
  });

  test("It is called something else, running and ended, and still found by its id; a new program under that keeps the name", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const { name, start } = await openShell(terminals, id, "read -r go; echo over");
    expect(name).toBe(id);
    await terminals.rename(id, `${id}-a`);
    const stateOf = async () => (await terminals.list()).find((state) => state.id === id);
    expect(await stateOf()).toMatchObject({ name: `${id}-a`, size: { cols: 80, rows: 24 } });
    await type(terminals, id, "\n");
    await readUntilText(terminals, id, start, "over");
    await readText(terminals, id, start);
    await terminals.rename(id, `${id}-b`);
    expect(await stateOf()).toMatchObject({ name: `${id}-b`, exit: { code: 0 } });
    expect(await openShell(terminals, id, "cat")).toMatchObject({ name: `${id}-b`, isNew: true });
    await terminals.end(id);
    await expectCode(terminals.rename("never-opened", "other"), "terminal_not_found");
    await expectCode(terminals.rename(id, "../x"), "invalid_input");
  });

  test("A name that is none is refused before anything runs", async () => {
    const terminals = await createTerminals(current().box, { clock });
    for (const id of ["", "-a", "A", "../x", "a/b", "a b", "x".repeat(33), "a\n"]) {
      await expectCode(openShell(terminals, id, "true"), "invalid_input");
      await expectCode(terminals.end(id), "invalid_input");
    }
    const size = { cols: 0, rows: 24 };
    await expectCode(terminals.open({ id: "main", argv: ["true"], size }), "invalid_input");
    await expectCode(terminals.read("never-opened", 0)[Symbol.asyncIterator]().next(), "terminal_not_found");
  });
}
