import { expect, test } from "vitest";
import { createRuns } from "../../runs/create-runs.ts";
import { expectAlive, expectGone, script } from "../box-suite/probing.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { clock } from "../terminals-suite/driving.ts";
import { begin, beginShell, freshRun, readRunUntil, readText } from "./driving.ts";

/** Children that hide: in a session of their own, without a parent, deaf to SIGTERM. All say their number. */
const HIDING = `
trap '' TERM HUP INT
echo "=$$="
(setsid sh -c 'trap "" TERM HUP; echo "=$$="; while :; do sleep 86400; done' >&2 &)
sh -c '(setsid setsid sh -c "trap \\"\\" TERM; echo =\\$\\$=; while :; do sleep 86400; done" &) ; trap "" TERM; echo "=$$="; sleep 86400; :' &
env -i /bin/sh -c 'trap "" TERM; echo "=$$="; while :; do /bin/sleep 86400; done' &
while :; do sleep 86400; done
`;
const HIDDEN = /(=\d+=[\s\S]*){5}/;
const numbers = (text: string): string[] => [...text.matchAll(/=(\d+)=/g)].map(([, pid = ""]) => pid);

/** The processors that the holder knows the numbers of. */
const NUMBERED = /\{ 62 => .*? \}(?=->)/;

/** How it ends and is ended. */
export function endingTests(current: () => BoxUnderTest): void {
  test("Ending it ends its whole tree, what hides included, and nothing else", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const [id, other] = [freshRun(), freshRun()];
    await beginShell(runs, other, "echo =$$=; while :; do sleep 86400; done");
    const [bystander = ""] = numbers(await readRunUntil(runs, other, /=\d+=/));
    const beside = await box.run(["sh", "-c", "echo $$; exec sleep 86400"]);
    const { value } = await beside.stdout[Symbol.asyncIterator]().next();
    const started = new TextDecoder().decode(value).trim();
    await beginShell(runs, id, HIDING);
    const pids = numbers(await readRunUntil(runs, id, HIDDEN));
    expect(new Set(pids).size).toBe(5);
    await runs.end(id, { graceMs: 200 });
    for (const pid of pids) await expectGone(box, pid);
    expect(await runs.ended(id)).toEqual({ how: "cancelled", code: 137, signal: "SIGKILL" });
    for (const pid of [bystander, started]) await expectAlive(box, pid);
    await runs.end(other);
    await beside.signal("SIGTERM");
    await beside.exit;
  });

  test("A processor whose system calls nobody numbered does as well", async () => {
    const { box } = current();
    const elsewhere = createRuns(
      {
        ...box,
        run: (argv, options) =>
          box.run([argv[0], ...argv.slice(1).map((part) => part.replace(NUMBERED, "{ 0 => [] }"))], options),
      },
      { clock },
    );
    const id = freshRun();
    await beginShell(elsewhere, id, HIDING);
    const reading = readText(elsewhere, id);
    const pids = numbers(await readRunUntil(elsewhere, id, HIDDEN));
    await elsewhere.end(id, { graceMs: 200 });
    for (const pid of pids) await expectGone(box, pid);
    expect(await elsewhere.ended(id)).toMatchObject({ how: "cancelled" });
    expect(numbers(await reading).sort()).toEqual(pids.sort());
  });

  test("One that listens to SIGTERM says its last words, and is told as cancelled with its own code", async () => {
    const runs = createRuns(current().box, { clock });
    const id = freshRun();
    // A shell would say something of its own.
    const code = '$SIG{TERM} = sub { syswrite STDOUT, "bye\\n"; exit 5 }; syswrite STDOUT, "ready\\n"; sleep 9 while 1';
    await begin(runs, id, ["perl", "-e", code]);
    await readRunUntil(runs, id, "ready");
    await runs.end(id, { graceMs: 20_000 });
    expect(await runs.ended(id)).toEqual({ how: "cancelled", code: 5 });
    expect(await readText(runs, id)).toBe("ready\nbye\n");
  });

  test("The time limit ends the whole tree with no agent there", async () => {
    const { box, reopen } = current();
    const id = freshRun();
    const file = `${box.home}/${id}.pids`;
    {
      await using gone = await reopen();
      const runs = createRuns(gone, { clock });
      await beginShell(runs, id, `exec >'${file}' 2>&1; ${HIDING}`, { timeoutMs: 700 });
    }
    const pids = await expect
      .poll(async () => numbers(await script(box, 'cat "$1" 2>/dev/null || :', file)), { timeout: 10_000 })
      .toHaveLength(5)
      .then(async () => numbers(await script(box, 'cat "$1"', file)));
    for (const pid of pids) await expectGone(box, pid);
    const runs = createRuns(box, { clock });
    expect(await runs.ended(id)).toEqual({ how: "timeout", code: 137, signal: "SIGKILL" });
    await script(box, 'rm "$1"', file);
  });

  test("One that is ended while it begins is cancelled, and nothing of it is left", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const ids = Array.from({ length: 12 }, freshRun);
    const file = `${box.home}/${freshRun()}.pids`;
    await Promise.all(
      ids.map(async (id, index) => {
        const starting = beginShell(runs, id, `echo =$$= >>'${file}'; while :; do sleep 86400; done`);
        await Promise.race([starting, clock.sleep(index * 2)]);
        await Promise.all([runs.end(id, { graceMs: 100 }), starting]);
        expect((await runs.ended(id)).how).toBe("cancelled");
      }),
    );
    for (const pid of numbers(await script(box, 'cat "$1" 2>/dev/null || :', file))) await expectGone(box, pid);
    await script(box, 'rm -f "$1"', file);
  });

  test("One that is ended by a signal of its own is told with it", async () => {
    const runs = createRuns(current().box, { clock });
    const id = freshRun();
    await beginShell(runs, id, "kill -SEGV $$");
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 139, signal: "SIGSEGV" });
  });

  test("It ends a while after its program though something that was left behind holds its output, and that lives on", async () => {
    const { box } = current();
    const runs = createRuns(box, { clock });
    const id = freshRun();
    await beginShell(runs, id, "trap '' TERM; sleep 86400 & echo =$!=; exit 4");
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 4 });
    const [pid = ""] = numbers(await readText(runs, id));
    await expectAlive(box, pid);
    await script(box, 'kill -9 "$1"', pid);
  }, 30_000);

  test("What a program prints last is there when it has ended, also from what it left to print", async () => {
    const runs = createRuns(current().box, { clock });
    const id = freshRun();
    await beginShell(runs, id, "(sleep 0.3; echo late) & head -c 700000 /dev/zero; exit 0");
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 0 });
    expect((await readText(runs, id)).replaceAll("\0", "")).toBe("late\n");
  });
}
