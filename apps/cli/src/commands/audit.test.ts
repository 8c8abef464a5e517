import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext, type Context } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerAudit } from "./audit.ts";

/** The lines that are printed: for a pipe, or on a terminal so wide. */
async function shown(entries: object[], terminal?: { columns: number }): Promise<string[]> {
  const io = createFakeIo();
  if (terminal !== undefined) Object.assign(io.stdout, { isTTY: true }, terminal);
  const context: Context = {
    ...createContext(io),
    connect: async () => ({ client: { audit: { list: async () => entries } } }) as never,
  };
  const program = new Command();
  registerAudit(program, context);
  await program.parseAsync(["audit"], { from: "user" });
  return io.out().trimEnd().split("\n");
}

test("the audit's table holds nothing that a terminal would obey, and a line for each entry, with what it was done to and whether it was a dry run (CVE-2021-25743)", async () => {
  const entry = { at: "now", who: "10.0.0.1", action: "tokens.revoke", outcome: "ok" };
  const entries = [
    { ...entry, target: "\u001b]0;x\u0007a\nb\u009b2Jc" },
    { ...entry, action: "workspaces.reap", details: { dryRun: "true" } },
    { ...entry, action: "git.add", details: { paths: ["a.ts", "b c\n,d", "\u001b[2Je"], more: "3" } },
    { ...entry, action: "git.reset", details: { target: "main", allowDestructive: "true" } },
  ];
  expect(await shown(entries)).toEqual([
    expect.stringMatching(/^WHEN/) as string,
    "now   10.0.0.1  tokens.revoke              a bc  ok",
    "now   10.0.0.1  workspaces.reap (dry run)  -     ok",
    "now   10.0.0.1  git.add                    -     ok       paths=a.ts,'b c ,d','e' +3",
    "now   10.0.0.1  git.reset                  -     ok       target=main allowDestructive",
  ]);
  expect(await shown(entries, { columns: 60 })).toHaveLength(5);
  for (const line of await shown(entries, { columns: 60 })) expect(line.length).toBeLessThanOrEqual(60);
});

test("an instant is local for a pipe as on a terminal", async () => {
  const at = new Date(2026, 2, 1, 14, 5, 9, 42).toISOString();
  const entry = { at, who: "ada", action: "tokens.revoke", outcome: "ok" };
  expect((await shown([entry]))[1]).toMatch(/^2026-03-01 14:05:09 {2}ada/);
  expect((await shown([entry], { columns: 80 }))[1]).toMatch(/^2026-03-01 14:05:09 {2}ada/);
});

test("only what is asked for is asked of the worker: to what, by whom, of which kind, since when", async () => {
  const asked: unknown[] = [];
  const list = async (input: unknown) => (asked.push(input), []);
  const hints: string[] = [];
  const context: Partial<Context> = {
    io: createFakeIo(),
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { audit: { list } } }) as never,
  };
  const ask = async (...words: string[]): Promise<void> => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerAudit(program, context as Context);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
    await program.parseAsync(["audit", ...words], { from: "user" });
  };
  await ask();
  await ask("demo", "--who", "bot", "--what", "tasks", "--since", "2026-03-01T14:05:00Z", "-n", "7");
  expect(asked).toEqual([
    { limit: 50 },
    { limit: 7, target: "demo", who: "bot", action: "tasks", since: "2026-03-01T14:05:00.000Z" },
  ]);
  expect(hints).toEqual(["Nothing yet.", "Nothing of which all of that is true."]);
  await expect(ask("--since", "yesterday")).rejects.toThrow(/duration such as/);
  await expect(ask("-n", "0")).rejects.toThrow(/whole number/);
});
