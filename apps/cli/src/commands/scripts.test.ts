import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { EXIT } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerScripts } from "./scripts.ts";

const SAID = "\u001b[32mok\u001b[0m \u001b]0;x\u0007done";

async function run(outcomes: { script: string; exitCode: number }[] | undefined, ...argv: string[]) {
  const asked: unknown[] = [];
  async function* events() {
    yield { type: "output", line: SAID };
    if (outcomes !== undefined) yield { type: "ended", outcomes };
  }
  const followScripts = async (input: unknown) => {
    asked.push(input);
    return events();
  };
  const io = createFakeIo();
  if (argv.includes("--terminal")) Object.assign(io.stderr, { isTTY: true });
  const made = createContext(io, argv.includes("--json"));
  made.connect = async () => ({ client: { workspaces: { followScripts } } }) as never;
  const context = made;
  const program = new Command();
  registerScripts(program, context);
  const words = argv.filter((word) => word !== "--terminal");
  await program.parseAsync(["scripts", "run", ...words], { from: "user" });
  return { asked, context, out: io.out(), err: io.err() };
}

test("how each script ended is told, and one that failed fails the command", async () => {
  const fine = await run([{ script: "a.sh", exitCode: 0 }], "demo");
  expect(fine.asked).toEqual([{ name: "demo" }]);
  expect([fine.context.exitCode, fine.out]).toEqual([EXIT.ok, "SCRIPT  OUTCOME\na.sh    done\n"]);
  const failed = await run([{ script: "a.sh", exitCode: 3 }], "demo", "a.sh");
  expect(failed.asked).toEqual([{ name: "demo", script: "a.sh" }]);
  expect([failed.context.exitCode, failed.err]).toEqual([EXIT.failed, `${SAID}\nRead it again: ws logs demo\n`]);
  expect(failed.out).toContain("ended with 3");
  expect(JSON.parse((await run([{ script: "a.sh", exitCode: 3 }], "demo", "--json")).out)).toEqual([
    { script: "a.sh", exitCode: 3 },
  ]);
});

test("what scripts say is shown as it comes: as it is in a pipe, without what a terminal would obey on one, and to no program", async () => {
  const outcomes = [{ script: "a.sh", exitCode: 0 }];
  expect((await run(outcomes, "demo")).err).toBe(`${SAID}\n`);
  expect((await run(outcomes, "demo", "--terminal")).err).toBe("\u001b[32mok\u001b[0m done\u001b[0m\n");
  expect((await run(outcomes, "demo", "--json")).err).toBe("");
});

test("a connection that ends before the scripts have is a failure", async () => {
  await expect(run(undefined, "demo")).rejects.toMatchObject({ code: "connection_closed", exit: EXIT.unavailable });
});
