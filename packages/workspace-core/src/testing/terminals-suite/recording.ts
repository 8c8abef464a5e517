import { expect, test } from "vitest";
import { createTerminals } from "../../terminals/create-terminals.ts";
import type { Terminals } from "../../ports.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { script } from "../box-suite/probing.ts";
import { clock, freshId, openShell, readUntilText, type } from "./driving.ts";

async function recordingOf(terminals: Terminals, id: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of terminals.recording(id)) text += decoder.decode(bytes, { stream: true });
  return text;
}

/** What is kept of what a program prints. */
export function recordingTests(current: () => BoxUnderTest): void {
  test("A recording has what is printed while it goes on, with times and sizes, and neither what was typed nor what came after", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const { start } = await openShell(
      terminals,
      id,
      "stty -echo; echo before; while read line; do echo seen-$line; done",
    );
    await readUntilText(terminals, id, start, "before");
    await terminals.record(id, true);
    await terminals.record(id, true);
    expect((await terminals.list()).find((one) => one.id === id)).toMatchObject({ recording: "on" });
    await type(terminals, id, "one\r");
    await readUntilText(terminals, id, start, "seen-one");
    await terminals.resize(id, { cols: 100, rows: 30 });
    // Who began it is gone, and so is whoever looks.
    const others = await createTerminals(current().box, { clock });
    await type(others, id, "two\r");
    await readUntilText(others, id, start, "seen-two");
    await others.record(id, false);
    await type(others, id, "three\r");
    await readUntilText(others, id, start, "seen-three");
    expect((await others.list()).find((one) => one.id === id)).toMatchObject({ recording: "kept" });
    const piece = String.raw`o \d{13} \d+\n`;
    expect(await recordingOf(others, id)).toMatch(
      new RegExp(
        String.raw`^ws-recording 1 80 24 \d{13}\n(?:${piece})seen-one\r\nr \d{13} 100 30\n(?:${piece})seen-two\r\n$`,
      ),
    );
    await others.end(id);
    await expect(others.record(id, true)).rejects.toMatchObject({ code: "terminal_not_found" });
  });

  test("Of a terminal that was not recorded there is nothing, and of one that is not there no recording is begun", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    await expect(terminals.record(id, true)).rejects.toMatchObject({ code: "terminal_not_found" });
    await terminals.record(id, false);
    await openShell(terminals, id, "cat");
    expect(await recordingOf(terminals, id)).toBe("");
    await terminals.end(id);
  });

  test("What the workspace put in a recording's place holds up neither its program nor who reads", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, "stty -echo; while read line; do echo seen-$line; done");
    await script(box, 'mkfifo "$1/recording"', `${box.home}/.local/state/ws/terminals/${id}`);
    await type(terminals, id, "one\r");
    await readUntilText(terminals, id, start, "seen-one");
    expect(await recordingOf(terminals, id)).toBe("");
    await script(
      box,
      'rm "$1/recording"; ln -s /etc/passwd "$1/recording"',
      `${box.home}/.local/state/ws/terminals/${id}`,
    );
    await type(terminals, id, "two\r");
    await readUntilText(terminals, id, start, "seen-two");
    expect(await recordingOf(terminals, id)).toBe("");
    await terminals.end(id);
  });
}
