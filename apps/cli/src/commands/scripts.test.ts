import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { EXIT } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerScripts } from "./scripts.ts";

async function run(outcomes: { script: string; exitCode: number }[], ...argv: string[]) {
  const asked: unknown[] = [];
  const runScripts = async (input: unknown) => {
    asked.push(input);
    return outcomes;
  };
  const io = createFakeIo();
  const context = { ...createContext(io), connect: async () => ({ client: { workspaces: { runScripts } } }) as never };
  const program = new Command();
  registerScripts(program, context);
  await program.parseAsync(["scripts", "run", ...argv], { from: "user" });
  return { asked, context, out: io.out(), err: io.err() };
}

test("how each script ended is told, and one that failed fails the command", async () => {
  const fine = await run([{ script: "a.sh", exitCode: 0 }], "demo");
  expect(fine.asked).toEqual([{ name: "demo" }]);
  expect([fine.context.exitCode, fine.out]).toEqual([EXIT.ok, "SCRIPT  OUTCOME\na.sh    done\n"]);
  const failed = await run([{ script: "a.sh", exitCode: 3 }], "demo", "a.sh");
  expect(failed.asked).toEqual([{ name: "demo", script: "a.sh" }]);
  expect([failed.context.exitCode, failed.err]).toEqual([EXIT.failed, "Read what they said: ws logs demo\n"]);
  expect(failed.out).toContain("ended with 3");
  expect(JSON.parse((await run([{ script: "a.sh", exitCode: 3 }], "demo", "--json")).out)).toEqual([
    { script: "a.sh", exitCode: 3 },
  ]);
});
