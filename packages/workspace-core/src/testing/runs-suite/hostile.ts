import { expect, test } from "vitest";
import { createRuns } from "../../runs/create-runs.ts";
import { encode, expectGone, expectRefusal, freshDirectory, script } from "../box-suite/probing.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";
import { clock } from "../terminals-suite/driving.ts";
import { beginShell, freshRun, readRunUntil, readText, stateOf } from "./driving.ts";

/** The argument is the runs' directory. */
const EACH_LOOKER = `for p in /proc/[0-9]*; do [ "$(tr -d '\\0' 2>/dev/null <$p/cmdline)/" = "ws-runs $1" ]`;

/** What those who work in the workspace can do to the files and processes that hold a run. */
export function hostileRunTests(current: () => BoxUnderTest): void {
  const directoryOf = (id: string): string => `${current().box.home}/.local/state/ws/runs/${id}`;
  const setUp = () => ({ box: current().box, runs: createRuns(current().box, { clock }), id: freshRun() });
  const keeperOf = (id: string): Promise<string> =>
    script(current().box, `cut -d' ' -f2 "$1/meta"`, directoryOf(id)).then((text) => text.trim());
  /** Resolves once so many wait or read. */
  const lookers = async (count: number): Promise<void> => {
    const look = (): Promise<string> => script(current().box, `${EACH_LOOKER} && echo x; done; :`, directoryOf(""));
    await expect.poll(async () => (await look()).length / 2, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  };
  /** A run that says the number of its program and then nothing. */
  const beginLong = async (id: string): Promise<string> => {
    const { runs } = setUp();
    await beginShell(runs, id, "echo =$$=; while :; do sleep 86400; done");
    return /=(\d+)=/.exec(await readRunUntil(runs, id, /=\d+=/))?.[1] ?? "";
  };

  test("A run whose directory is taken away is lost to who waits for it, and can be ended", async () => {
    const { box, runs, id } = setUp();
    const pid = await beginLong(id);
    const waiting = runs.ended(id);
    await lookers(1);
    await script(box, 'rm -rf "$1"', directoryOf(id));
    await expectRefusal(runs.ended(id), "run_not_found");
    await runs.end(id);
    expect((await waiting).how).not.toBe("exit");
    await expectGone(box, pid);
  });

  test("One that others hold the lock of is told as ended as soon as it has", async () => {
    const { box, runs, id } = setUp();
    await beginLong(id);
    const holder = await box.run(["flock", `${directoryOf(id)}/lock`, "sleep", "86400"]);
    const thief = 'rm "$1/lock"; : >"$1/lock"; exec flock "$1/lock" sleep 86400';
    const waiting = runs.ended(id);
    const second = await box.run(["sh", "-c", thief, "sh", directoryOf(id)]);
    const late = runs.ended(id);
    await runs.end(id);
    expect(await Promise.all([waiting, late])).toMatchObject([{ how: "cancelled" }, { how: "cancelled" }]);
    for (const process of [holder, second]) await process.signal("SIGTERM");
  });

  test.each([
    ["a pipe", "mkfifo"],
    ["a link to what never ends", "ln -s /dev/zero"],
    ["a link to what is not his to read", "ln -s /etc/passwd"],
    ["a directory", "mkdir"],
  ])("One whose output became %s is an error to who reads it, and ends as it does", async (_what, command) => {
    const { box, runs, id } = setUp();
    await beginLong(id);
    await script(box, `rm "$1"/output.0 && ${command} "$1"/output.0`, directoryOf(id));
    await expect(readText(runs, id)).rejects.toMatchObject({ code: "internal" });
    expect(await stateOf(runs, id)).toMatchObject({ id });
    await runs.end(id);
    expect(await runs.ended(id)).toMatchObject({ how: "cancelled" });
  });

  test.each(["exit 0 - 0 0", "exit 999 - 0 0", "nonsense", "exit 0", "success"])(
    "One that says '%s' of itself goes on until it ends",
    async (words) => {
      const { box, runs, id } = setUp();
      const pid = await beginLong(id);
      await script(box, `echo '${words}' >"$1/exit"`, directoryOf(id));
      expect((await stateOf(runs, id))?.ended).toBeUndefined();
      const waiting = runs.ended(id);
      if (words !== "exit 0 - 0 0") {
        await script(box, 'kill -9 "$1"', await keeperOf(id));
        expect(await waiting).toEqual({ how: "lost" });
        await expectGone(box, pid);
        expect(await readText(runs, id)).toContain(pid);
      }
      await runs.end(id);
      expect(["cancelled", "lost"]).toContain((await waiting).how);
    },
  );

  test("One whose keeper is killed is lost, nothing of it goes on, and it is not begun again", async () => {
    const { box, runs, id } = setUp();
    const pid = await beginLong(id);
    const [waiting, reading] = [runs.ended(id), readText(runs, id)];
    await script(box, 'kill -9 "$1"', await keeperOf(id));
    expect(await waiting).toEqual({ how: "lost" });
    expect(await reading).toBe(`=${pid}=\n`);
    await expectGone(box, pid);
    expect(await beginShell(runs, id, "echo again")).toMatchObject({ ended: { how: "lost" } });
    expect(await stateOf(runs, id)).toMatchObject({ ended: { how: "lost" } });
  });

  test("One whose keeper is told to end is lost, and so is what it kept", async () => {
    const { box, runs, id } = setUp();
    const pid = await beginLong(id);
    await script(box, 'kill -TERM "$1"', await keeperOf(id));
    expect(await runs.ended(id)).toMatchObject({ how: "lost" });
    await expectGone(box, pid);
  });

  test("One whose keeper is halted is ended all the same", async () => {
    const { box, runs, id } = setUp();
    const pid = await beginLong(id);
    const halt = `(while kill -STOP "$1" 2>/dev/null; do :; done) >/dev/null 2>&1 &`;
    await script(box, halt, await keeperOf(id));
    await runs.end(id, { graceMs: 100 });
    expect(await runs.ended(id)).toMatchObject({ how: "cancelled" });
    await expectGone(box, pid);
  }, 30_000);

  test("What only looks like a run is none, and holds up nobody", async () => {
    const { box, runs, id } = setUp();
    const make = `mkdir -p "$1" && cd "$1" && mkfifo meta exit lock output.0 && mkdir ../"$2" && echo 1 x >../"$2"/meta && ln -s /dev/zero ../"$2"/exit
      mkdir ../"$3" && printf '1 1 1 1 x\\n' >../"$3"/meta && ln -s / ../"$4" && : >../"$5"`;
    const others = [freshRun(), freshRun(), freshRun(), freshRun()];
    await script(box, make, directoryOf(id), ...others);
    expect((await runs.list()).filter((state) => [id, ...others].includes(state.id))).toEqual([]);
    for (const each of [id, ...others]) {
      await expectRefusal(runs.ended(each), "run_not_found");
      await beginShell(runs, each, "echo begun");
      expect(await readText(runs, each)).toBe("begun\n");
    }
    expect(await script(box, "ls -d /etc")).toBe("/etc\n");
  });

  test("Ending one whose keeper is said to be another process leaves that alone", async () => {
    const { box, runs, id } = setUp();
    const pid = await beginLong(id);
    const beside = await box.run(["sh", "-c", "echo $$; exec sleep 86400"]);
    const { value } = await beside.stdout[Symbol.asyncIterator]().next();
    const other = new TextDecoder().decode(value).trim();
    const forge = `began=$(sed 's/.*) //' </proc/$2/stat | cut -d' ' -f20); read -r v p b rest <"$1/meta"; echo "1 $2 $began $rest" >"$1/meta"`;
    await script(box, forge, directoryOf(id), other);
    await runs.end(id);
    await script(box, 'kill -0 "$1"', other);
    await expectGone(box, pid);
    await beside.signal("SIGTERM");
  });

  test("A Perl of the workspace's own is not asked", async () => {
    const { box, runs } = setUp();
    const directory = await freshDirectory(box);
    await box.files.write(`${directory}/perl`, encode("#!/bin/sh\necho 'run a 0 0 1 exit 0 -'; echo ok\n"), {
      mode: 0o755,
    });
    const path = (await script(box, 'echo "$PATH"')).trim();
    const lying = createRuns(
      {
        ...box,
        run: (argv, options) => box.run(argv, { ...options, env: { ...options?.env, PATH: `${directory}:${path}` } }),
      },
      { clock },
    );
    const id = freshRun();
    await beginShell(lying, id, "exit 7");
    expect(await lying.ended(id)).toEqual({ how: "exit", code: 7 });
    expect(await runs.ended(id)).toEqual({ how: "exit", code: 7 });
  });

  test("Who waits and who reads is not held up by those who end the programs that look", async () => {
    const { box, runs, id } = setUp();
    await beginLong(id);
    const waiting = runs.ended(id);
    const reading = readText(runs, id);
    reading.catch(() => undefined);
    const killLookers = `${EACH_LOOKER} && kill -9 "\${p#/proc/}"; done; :`;
    await lookers(2);
    await script(box, killLookers, directoryOf(""));
    await expect(reading).rejects.toMatchObject({ code: "internal" });
    await runs.end(id);
    expect(await waiting).toMatchObject({ how: "cancelled" });
  });
}
