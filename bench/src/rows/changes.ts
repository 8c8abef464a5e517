import { p95AtMost } from "../bars.ts";
import { interleave } from "../harness.ts";
import type { Row } from "../row.ts";

const ALL = ["sh", "-c"];

/** From a write that a program in the workspace makes until a viewer is told of it by name: helper, Box, agent, HTTP. */
export const changes: Row = {
  name: "changes",
  title: "tell a viewer of a file that was written",
  async measure({ workers, cleanup, signal }) {
    const { worker, name } = await workers.idle();
    const stream = await worker.client.files.watch({ name }, { signal });
    cleanup.defer(async () => void (await stream.return?.()));
    await stream.next();
    let count = 0;
    const { ours } = await interleave({
      async ours() {
        count += 1;
        const path = `bench-changes-${count}`;
        // The command says when it wrote, so that its own way to the workspace does not count.
        const command = [...ALL, `: > "$HOME/$1" && date +%s%3N`, "sh", path];
        const [{ stdout }, isTold] = await Promise.all([
          worker.client.workspaces.exec({ name, command }, { signal }),
          toldOf(stream, path),
        ]);
        if (!isTold) throw new Error("The file was not told of by name.");
        return Date.now() - Number(stdout);
      },
      rounds: 40,
      restMs: 500,
      warmups: 3,
      signal,
    });
    await worker.client.workspaces.exec({ name, command: [...ALL, 'rm -f "$HOME"/bench-changes-*'] }, { signal });
    return { unit: "ms", ours, bar: p95AtMost(1_000, "ms") };
  },
};

/** From the end of a checkout of 10,000 files until a viewer is told by name of what is written next. */
export const changesCheckout: Row = {
  name: "changes-checkout",
  title: "settle after a checkout of 10,000 files",
  async measure({ workers, cleanup, signal }) {
    const { worker, name } = await workers.idle();
    const run = async (script: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await worker.client.workspaces.exec(
        { name, command: [...ALL, `cd "$HOME"; ${script}`], timeout: 120_000 },
        { signal },
      );
      if (exitCode !== 0) throw new Error(`The script failed: ${stderr}`);
      return stdout;
    };
    cleanup.defer(async () => void (await run("rm -rf many").catch(() => undefined)));
    const files = "for d in $(seq 100); do mkdir $d && (cd $d && touch $(seq 100)); done";
    const who = "git config user.name bench && git config user.email bench@localhost";
    await run(`git init -q -b empty many && cd many && ${who} && git commit -q --allow-empty -m empty`);
    await run(`cd many && git checkout -q -b full && ${files} && git add . && git commit -q -m full`);
    const stream = await worker.client.files.watch({ name }, { signal });
    cleanup.defer(async () => void (await stream.return?.()));
    await stream.next();
    let count = 0;
    const { ours } = await interleave({
      async ours() {
        await run("cd many && git checkout -q empty");
        const ended = Number(await run("cd many && git checkout -q full && date +%s%3N"));
        // Where the flood took its name with it, it is written again.
        for (;;) {
          count += 1;
          const path = `many/last-${count}`;
          await run(`: > ${path}`);
          if (await toldOf(stream, path)) return Date.now() - ended;
        }
      },
      rounds: 8,
      signal,
    });
    return { unit: "ms", ours, bar: p95AtMost(5_000, "ms") };
  },
};

type Changes = AsyncIterator<{ paths: string[] } | { git: true } | { resync: true }>;

/** Reads until the path is named; false once anything may have changed, that among it. */
async function toldOf(stream: Changes, path: string): Promise<boolean> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) throw new Error("The stream of changes ended.");
    if ("resync" in value) return false;
    if ("paths" in value && value.paths.includes(path)) return true;
  }
}
