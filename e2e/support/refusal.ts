import { expect } from "vitest";
import type { AgentProcess } from "./agent-process.ts";

export interface Refusal {
  code: string;
  exit: number;
  /** What the sentence has to name. */
  says?: RegExp;
  next: RegExp;
}

/**
 * A refusal as a person and as a program see it: the exit code, one sentence with its stable code and the next step, and
 * with `--json` the same as one object on stderr and nothing on stdout. Never a stack.
 */
export async function expectRefusal(
  agent: Pick<AgentProcess, "ws">,
  argv: readonly string[],
  { code, exit, says = /./, next }: Refusal,
  run: { env?: Record<string, string> } = {},
): Promise<void> {
  const shown = await agent.ws(argv, run);
  const [, message, itsCode, step] = /^ws: (.+) \((\w+)\)\n(?: {4}\| .*\n)* {4}(.+)\n$/m.exec(shown.stderr) ?? [];
  expect({ ...shown, itsCode }).toMatchObject({ code: exit, itsCode: code });
  expectWords(message, step, says, next);
  expect(shown.stderr).not.toMatch(/\n\s+at /);

  const printed = await agent.ws(withJson(argv), run);
  expect(printed).toMatchObject({ code: exit, stdout: "" });
  // What the agent logs is no part of the command's answer.
  const answer = printed.stderr.split("\n").findLast((line) => line.startsWith("{"));
  const { error } = JSON.parse(answer ?? printed.stderr) as { error: Record<"code" | "message" | "next", string> };
  expect(error.code).toBe(code);
  expectWords(error.message, error.next, says, next);
}

function expectWords(message: string | undefined, step: string | undefined, says: RegExp, next: RegExp): void {
  expect(message).toMatch(says);
  // What a build printed follows its sentence.
  expect(message?.split("\n")[0]).toMatch(/^.{1,300}$/);
  expect(step).toMatch(next);
}

/** What follows `--` is another program's. */
function withJson(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return end === -1 ? [...argv, "--json"] : [...argv.slice(0, end), "--json", ...argv.slice(end)];
}
