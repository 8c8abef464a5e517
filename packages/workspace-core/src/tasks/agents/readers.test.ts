import fc from "fast-check";
import { expect, test } from "vitest";
import { saidOf, TOOLS, toolNamed } from "../../testing/agent-stand-in/said-of.ts";
import { hit, INIT, said, result, rejected, LIMIT, NO_BEARER } from "../../testing/agent-stand-in/samples.ts";
import { createLines } from "./lines.ts";
import type { AgentSaid } from "./tool.ts";
import { verdictOf } from "./verdict.ts";

/** Lines that say something, in every way that they do. */
const CORPUS: readonly string[] = [
  INIT,
  said("text"),
  ...hit,
  rejected(1_785_769_200),
  result({ result: "Done." }),
  result({ permission_denials: [{ tool_name: "Bash" }] }),
  { type: "thread.started", thread_id: "01a2" },
  { type: "turn.started" },
  { type: "turn.completed" },
  { type: "turn.failed", error: { message: LIMIT } },
  { type: "turn.failed", error: { message: NO_BEARER } },
  { type: "step_start", sessionID: "ses_1" },
  { type: "step_finish", part: { reason: "stop" } },
  { type: "error", error: { name: "APIError", data: { statusCode: 429 } } },
  { type: "done", rejected: [{ permission: "bash" }] },
].map((line) => JSON.stringify(line));
const LAST_WORDS = ['"type":"result"', '"type":"turn.completed"', '"type":"step_finish"', '"type":"done"'];

test.each([...TOOLS.keys()])(
  "%s: any lines, however they are cut and whatever is lost of them, give one verdict, and nothing is completed without its last word",
  (name) => {
    const tool = toolNamed(name);
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...CORPUS) },
      { weight: 2, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes).toWellFormed()) },
    );
    const verdict = (said: AgentSaid, code: number): unknown =>
      verdictOf(
        { said, end: { how: "exit", code }, errors: "" },
        { tool, task: "task-0", cancelling: false, now: 1e12 },
      );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 20 }),
        fc.array(fc.nat(200), { minLength: 1 }),
        fc.array(fc.record({ at: fc.nat(2_000), length: fc.nat(300) }), { maxLength: 3 }),
        fc.constantFrom(0, 1),
        (lines, sizes, jumps, code) => {
          const text = lines.map((one) => `${one.replaceAll("\n", " ")}\n`).join("");
          const bytes = new TextEncoder().encode(text);
          const read = (lost: typeof jumps): AgentSaid => {
            const reader = tool.reader();
            const splitter = createLines((one) => reader.line(one));
            for (let at = 0, index = 0; at < bytes.length; index += 1) {
              const part = bytes.slice(at, at + (sizes[index % sizes.length] ?? 0) + 1);
              if (!lost.some((jump) => at >= jump.at && at < jump.at + jump.length)) splitter.push(at, part);
              at += part.length;
            }
            splitter.end();
            return reader.said();
          };
          const whole = verdict(read([]), code);
          expect(verdict(read([]), code)).toEqual(whole);
          expect(
            verdict(
              saidOf(
                name,
                text.split("\n").map((one) => one.trim()),
              ),
              code,
            ),
          ).toEqual(whole);
          const cut = verdict(read(jumps), code);
          for (const found of [whole, cut]) {
            if ((found as { done?: unknown }).done !== true) continue;
            expect(LAST_WORDS.some((word) => text.replaceAll(" ", "").includes(word))).toBe(true);
          }
        },
      ),
    );
  },
);
