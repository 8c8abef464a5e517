import { expect, test } from "vitest";
import { concatBytes } from "../../bytes.ts";
import type { Bytes } from "../../ports.ts";
import { createRuns } from "../../runs/create-runs.ts";
import { expectAlive, expectCode, script } from "../box-suite/probing.ts";
import { clock, sha256 } from "../terminals-suite/driving.ts";
import { beginShell, freshRun, readPieces, readRunUntil, readText, stateOf } from "./driving.ts";
import type { RunsPlace } from "./runs-place.ts";

/** What outlives what. */
export function survivalTests(current: () => RunsPlace): void {
  test("It lives through the loss of the Box, and its output is the same as that of one that was never left", async () => {
    const { box, reopen } = current();
    const [id, control] = [freshRun(), freshRun()];
    const code = "for i in $(seq 40); do seq -f %015.0f $((i * 2000)) $((i * 2000 + 1999)); sleep 0.01; done; exit 9";
    const parts: Bytes[] = [];
    let next = 0;
    {
      await using first = await reopen();
      const runs = createRuns(first, { clock });
      await beginShell(runs, id, code);
      const waiting = runs.ended(id);
      waiting.catch(() => undefined);
      const reading = (async () => {
        for await (const { offset, bytes } of runs.read(id, 0)) {
          expect(offset).toBe(next);
          parts.push(bytes.slice());
          next += bytes.length;
          if (parts.length === 3) void first[Symbol.asyncDispose]();
        }
      })();
      await expectCode(reading, "box_closed");
      await expectCode(waiting, "box_closed");
    }
    const runs = createRuns(box, { clock });
    expect((await beginShell(runs, id, code)).ended).toBeUndefined();
    await beginShell(runs, control, code);
    for await (const { offset, bytes } of runs.read(id, next)) {
      expect(offset).toBe(next);
      parts.push(bytes.slice());
      next += bytes.length;
    }
    const [whole] = await readPieces(runs, control);
    expect(next).toBe(40 * 2000 * 16);
    expect(await sha256(concatBytes(parts))).toBe(await sha256(whole?.bytes as Uint8Array));
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 9 });
  });

  test("Many live through the SIGKILL of their agent, and each is the same to the byte as one that was never left", async () => {
    const { box, killAgent, many = 8 } = current();
    const runs = createRuns(box, { clock });
    const ids = Array.from({ length: many }, freshRun);
    const control = freshRun();
    const code = "for i in $(seq 30); do seq -f %015.0f $((i * 100)) $((i * 100 + 99)); sleep 0.05; done; exit 9";
    await killAgent(ids, code);
    await beginShell(runs, control, code);
    const expected = await readText(runs, control);
    expect(expected).toHaveLength(30 * 100 * 16);
    await Promise.all(
      ids.map(async (id) => {
        expect(await readText(runs, id)).toBe(expected);
        expect(await runs.ended(id)).toEqual({ how: "exit", code: 9 });
        expect((await beginShell(runs, id, code)).ended).toEqual({ how: "exit", code: 9 });
      }),
    );
  });

  test("A start that was cut off and is repeated begins one program, whichever Boxes ask", async () => {
    const { box, reopen } = current();
    const file = `${box.home}/${freshRun()}.count`;
    for (let round = 0; round < 5; round += 1) {
      const id = freshRun();
      const code = `echo ${id} >>'${file}'; sleep 86400`;
      const doomed = await reopen();
      const cut = beginShell(createRuns(doomed, { clock }), id, code);
      cut.catch(() => undefined);
      if (round % 2 === 0) await Promise.race([cut, clock.sleep(round * 5)]);
      await doomed[Symbol.asyncDispose]();
      await using second = await reopen();
      const boxes = [box, second, box, second];
      const states = await Promise.all(boxes.map((each) => beginShell(createRuns(each, { clock }), id, code)));
      expect(new Set(states.map(({ startedAt }) => startedAt)).size).toBe(1);
      await expect.poll(() => script(box, `grep -c '^${id}$' "$1" || :`, file), { timeout: 10_000 }).toBe("1\n");
      await createRuns(box, { clock }).end(id);
      expect(await script(box, `grep -c '^${id}$' "$1"`, file)).toBe("1\n");
    }
    await script(box, 'rm "$1"', file);
  });

  test("What was left behind by those who were cut off is taken away in time", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const directory = `${box.home}/.local/state/ws/runs`;
    await script(
      box,
      'mkdir -p "$1/.new.1.2/x" "$1/.gone.3.4" "$1/.new.5.6" && touch -d "2 hours ago" "$1"/.new.1.2 "$1"/.gone.3.4',
      directory,
    );
    await runs.remove(freshRun());
    expect(await script(box, 'cd "$1" && ls -d .new.1.2 .gone.3.4 .new.5.6 2>/dev/null || :', directory)).toBe(
      ".new.5.6\n",
    );
    await script(box, 'rm -r "$1"/.new.5.6', directory);
  });

  test("One whose place is stopped is lost, what it said stays, and it is not begun again", async () => {
    const { box, restart } = current();
    const id = freshRun();
    const before = createRuns(box, { clock });
    const file = `${box.home}/${id}.count`;
    await beginShell(before, id, `echo x >>'${file}'; echo said; sleep 86400`, { timeoutMs: 600_000 });
    await readRunUntil(before, id, "said");
    const [, pid = ""] = (await script(box, 'cat "$1"/meta', `${box.home}/.local/state/ws/runs/${id}`)).split(" ");
    await expectAlive(box, pid);
    await using again = await restart();
    const runs = createRuns(again, { clock });
    expect(await runs.ended(id)).toMatchObject({ how: "lost" });
    expect(await stateOf(runs, id)).toMatchObject({ start: 0, end: 5, ended: { how: "lost" } });
    expect(await readText(runs, id)).toBe("said\n");
    expect(await beginShell(runs, id, `echo x >>'${file}'`)).toMatchObject({ ended: { how: "lost" } });
    expect(await script(again, 'cat "$1"', file)).toBe("x\n");
    await runs.end(id);
    await runs.remove(id);
    expect(await stateOf(runs, id)).toBeUndefined();
  });
}
