import { expect, test } from "vitest";
import { createTerminals } from "../../terminals/create-terminals.ts";
import type { Terminals } from "../../ports.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { script } from "../box-suite/probing.ts";
import { clock, freshId, openShell, readAll, readUntilText, sha256, type } from "./driving.ts";

/** Lines of 16 bytes that say which they are, so that every byte can be told from its offset. */
const COUNT = (lines: number): string => `stty raw; seq -f %015.0f 0 ${lines - 1}`;

/** What comes out. */
export function logTests(current: () => BoxUnderTest): void {
  test("The log is the program's bytes: noise, colours, zeros and base64", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock });
    const id = freshId();
    const file = `${box.home}/${id}`;
    await script(
      box,
      `head -c 1500000 /dev/urandom >"$1.n"; head -c 1000000 /dev/zero >>"$1.n"; base64 "$1.n" >"$1.b"
       awk 'BEGIN { for (i = 0; i < 30000; i++) printf "\\033[1;3%dmname %d\\033[0m\\r\\n", i % 8, i }' >"$1.c"
       cat "$1.n" "$1.b" "$1.c" >"$1"`,
      file,
    );
    const expected = (await script(box, 'sha256sum <"$1"', file)).split(" ")[0];
    const { start } = await openShell(terminals, id, `stty raw -echo; cat '${file}'`);
    expect(await sha256(await readAll(terminals, id, start))).toBe(expected);
    await script(box, 'rm -f "$1" "$1".?', file);
  });

  test("The log keeps the last bytes only, and says where it begins", async () => {
    const { box } = current();
    const terminals = await createTerminals(box, { clock, keepBytes: 1024 * 1024 });
    const id = freshId();
    // 10 MB: far more than is kept.
    const lines = 640_000;
    const { start } = await openShell(terminals, id, `${COUNT(lines)}; echo end; cat`);
    await readUntilText(terminals, id, start + lines * 16 - 16, "end");
    const state = (await terminals.list()).find((other) => other.id === id);
    expect(state?.end).toBe(start + lines * 16 + 4);
    expect((state?.end ?? 0) - (state?.start ?? 0)).toBeGreaterThanOrEqual(1024 * 1024);
    expect((state?.end ?? 0) - (state?.start ?? 0)).toBeLessThan(6 * 1024 * 1024);
    const first = await terminals.read(id, start)[Symbol.asyncIterator]().next();
    expect(first.value?.offset).toBe(state?.start);
    // A place without a holder keeps nothing on its disk.
    const kept = await script(
      box,
      'du -k "$1" 2>/dev/null || echo 0',
      `${box.home}/.local/state/ws/terminals/${id}/log`,
    );
    expect(Number.parseInt(kept, 10)).toBeLessThan(7 * 1024);
    await terminals.end(id);
  });

  test("A reader that was left behind never sees a zero for what was dropped, but an offset that jumps", async () => {
    const terminals = await createTerminals(current().box, { clock, keepBytes: 512 * 1024 });
    const id = freshId();
    const lines = 1_000_000;
    const { start } = await openShell(terminals, id, `${COUNT(lines)}; echo end`);
    const chunks = terminals.read(id, start);
    let expected = start;
    let jumps = 0;
    let stalls = 0;
    for await (const { offset, bytes } of chunks) {
      if (offset !== expected) jumps += 1;
      expect(offset).toBeGreaterThanOrEqual(expected);
      expected = offset + bytes.length;
      const line = Math.ceil((offset - start) / 16);
      const at = line * 16 - (offset - start);
      const whole = line < lines && at + 16 <= bytes.length;
      const text = new TextDecoder().decode(bytes.subarray(at, at + 15));
      expect(whole ? text : undefined).toBe(whole ? String(line).padStart(15, "0") : undefined);
      expect(bytes.includes(0)).toBe(false);
      // Held back twice until far more was written than is kept.
      if (stalls < 2 && offset - start > stalls * 400_000) {
        stalls += 1;
        const wanted = Math.min(lines * 16, offset - start + 14_000_000);
        await written(terminals, id, start + wanted);
      }
    }
    expect(expected).toBe(start + lines * 16 + 4);
    expect(jumps).toBeGreaterThan(0);
  });

  test("Reading can begin anywhere: in the middle, at the end and beyond it", async () => {
    const terminals = await createTerminals(current().box, { clock });
    const id = freshId();
    const { start } = await openShell(terminals, id, "stty -echo; printf abcdef; cat");
    await readUntilText(terminals, id, start, "abcdef");
    expect((await readUntilText(terminals, id, start + 4, "ef")).text).toBe("ef");
    for (const beyond of [0, 6_000]) {
      const end = (await terminals.list()).find((state) => state.id === id)?.end ?? 0;
      const leaving = new AbortController();
      const reader = terminals.read(id, end + beyond, leaving.signal)[Symbol.asyncIterator]();
      let came: number | undefined;
      const next = reader.next().then(({ value }) => (came = value?.offset));
      await expect.poll(() => type(terminals, id, "more\r").then(() => came), { timeout: 10_000 }).toBeDefined();
      await next;
      expect(((came ?? 0) - end) % 6).toBe(0);
      leaving.abort();
      expect((await reader.next()).done).toBe(true);
    }
    await terminals.end(id);
  });
}

/** Resolves once the log is this long. */
async function written(terminals: Terminals, id: string, end: number): Promise<void> {
  const length = async (): Promise<number> => (await terminals.list()).find((state) => state.id === id)?.end ?? 0;
  await expect.poll(length, { timeout: 30_000 }).toBeGreaterThanOrEqual(end);
}
