import headless from "@xterm/headless";
import { expect, test } from "vitest";
import { silenceReplies } from "./replies.ts";

const QUESTIONS = "\u001b[c\u001b[>c\u001b[6n\u001b[?6n\u001b[?25$p\u001bP$qm\u001b\\";

test("Questions in output that is painted again are not answered, live ones are", async () => {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  const replies = silenceReplies(terminal.parser);
  const answers: string[] = [];
  terminal.onData((data) => answers.push(data));
  const write = (data: string) => new Promise<void>((resolve) => terminal.write(data, resolve));

  replies.silence();
  await write(`${QUESTIONS}text`);
  expect(answers).toEqual([]);
  replies.answer();
  await write(QUESTIONS);
  expect(answers.length).toBeGreaterThanOrEqual(4);
});
