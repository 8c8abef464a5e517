import { expect, test } from "vitest";
import { concatBytes } from "../../bytes.ts";
import type { Bytes } from "../../ports.ts";
import { createRuns } from "../../runs/create-runs.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { script } from "../box-suite/probing.ts";
import { clock, sha256 } from "../terminals-suite/driving.ts";
import { beginShell, freshRun, KEEP, readPieces, readRunUntil, readText, stateOf } from "./driving.ts";

/** A line has 16 bytes, so that its number says where it lies. */
const count = (lines: number): string => `seq -f %015.0f 0 ${lines - 1}`;
const lineAt = (offset: number): string => `${String(offset / 16).padStart(15, "0")}\n`;

/** What is kept of what it prints. */
export function keepingTests(current: () => BoxUnderTest): void {
  test("The output is the program's bytes: noise, zeros, colours and what has no line end", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    const file = `${box.home}/${id}`;
    const make = `head -c 1500000 /dev/urandom >"$1.n"; head -c 1000000 /dev/zero >>"$1.n"
      awk 'BEGIN { for (i = 0; i < 30000; i++) printf "\\033[1;3%dmname %d\\033[0m\\r\\n", i % 8, i }' | cat "$1.n" - >"$1"`;
    await script(box, make, file);
    const expected = (await script(box, 'sha256sum <"$1"', file)).split(" ")[0];
    await beginShell(runs, id, `cat '${file}'`);
    const [whole, ...rest] = await readPieces(runs, id);
    expect(rest).toEqual([]);
    expect(await sha256(whole?.bytes as Uint8Array)).toBe(expected);
    await script(box, 'rm -f "$1" "$1".n', file);
  });

  test("A flood without end keeps its first and last bytes, and the disk holds no more than that", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    const keep = { head: 100_000, tail: 1024 * 1024 };
    await beginShell(runs, id, `${count(1000)}; yes 123456789012345`, { keep });
    const printed = async (): Promise<number> => (await stateOf(runs, id))?.end ?? 0;
    await expect.poll(printed, { timeout: 30_000, interval: 50 }).toBeGreaterThan(20_000_000);
    const kept = await script(box, 'du -k "$1"', `${box.home}/.local/state/ws/runs/${id}`);
    expect(Number.parseInt(kept, 10)).toBeLessThan(100 + 1024 + 2 * 256 + 64);
    // It prints faster than it is read: what was there when it was asked for comes to an end all the same.
    for await (const { bytes } of runs.read(id, 0, { live: false })) expect(bytes.length).toBeGreaterThan(0);
    await runs.end(id);
    const [head, tail, ...more] = await readPieces(runs, id);
    expect(more).toEqual([]);
    expect([head?.offset, head?.bytes.length]).toEqual([0, keep.head]);
    expect(new TextDecoder().decode(head?.bytes.subarray(0, 32))).toBe(lineAt(0) + lineAt(16));
    expect((tail?.offset ?? 0) + (tail?.bytes.length ?? 0)).toBe(await printed());
    expect(tail?.bytes.length).toBeGreaterThanOrEqual(keep.tail);
    expect(await stateOf(runs, id)).toMatchObject({ start: 0, ended: { how: "cancelled" } });
  });

  test("A reader that was left behind is told by offsets that jump, and every byte that it gets is in its place", async () => {
    const runs = createRuns(current().box, { clock });
    const id = freshRun();
    const lines = 600_000;
    await beginShell(runs, id, count(lines), { keep: { head: 10_000, tail: 400_000 } });
    let expected = 0;
    let jumps = 0;
    let parts: Bytes[] = [];
    const check = (offset: number): void => {
      const bytes = concatBytes(parts);
      parts = [];
      const first = offset - bytes.length;
      for (let at = first + ((16 - (first % 16)) % 16); at + 16 <= offset; at += 16) {
        if (new TextDecoder().decode(bytes.subarray(at - first, at - first + 16)) !== lineAt(at)) {
          throw new Error(`what lies at ${at} is not the program's`);
        }
      }
    };
    for await (const { offset, bytes } of runs.read(id, 0)) {
      if (offset !== expected) {
        jumps += 1;
        check(expected);
      }
      // Far more than lies on the way to a reader and is kept behind it.
      if (expected === 0) {
        const end = async (): Promise<number | undefined> => (await stateOf(runs, id))?.end;
        await expect.poll(end, { timeout: 20_000 }).toBeGreaterThan(8_000_000);
      }
      parts.push(bytes.slice());
      expected = offset + bytes.length;
    }
    check(expected);
    expect(expected).toBe(lines * 16);
    expect(jumps).toBeGreaterThan(0);
  });

  test("A reader sees what is said while it is said", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    const go = `${box.home}/${id}.go`;
    await beginShell(runs, id, `echo first; until [ -e '${go}' ]; do sleep 0.02; done; echo second`);
    expect(await readRunUntil(runs, id, "first")).toBe("first\n");
    const reading = readText(runs, id, 2);
    await script(box, ': >"$1"', go);
    expect(await reading).toBe("rst\nsecond\n");
    await script(box, 'rm "$1"', go);
  });

  test("Thirty run at once in one workspace, each followed and waited for", async () => {
    const runs = createRuns(current().box, { clock });
    const ids = Array.from({ length: 30 }, freshRun);
    const code = "for i in 1 2 3 4 5 6 7 8 9; do echo $0 $i; sleep 0.05; done; exit 3";
    const said = await Promise.all(
      ids.map(async (id) => {
        await beginShell(runs, id, code, { keep: KEEP });
        const [text, ended] = await Promise.all([readText(runs, id), runs.ended(id)]);
        expect(ended).toEqual({ how: "exit", code: 3 });
        return text;
      }),
    );
    expect(said).toEqual(ids.map((id) => Array.from({ length: 9 }, (_, index) => `${id} ${index + 1}\n`).join("")));
    await Promise.all(ids.map((id) => runs.remove(id)));
    const left = new Set((await runs.list()).map(({ id }) => id));
    expect(ids.filter((id) => left.has(id))).toEqual([]);
  });
}
