import { expect, test } from "vitest";
import { run } from "./run.ts";
import { createFakeIo } from "./testing/fake-io.ts";

test.each([
  [["ports", "demo", "3000"], "'3000' does not fit <names>.", "Use PORT=LABEL, such as 3000=web."],
  [["completion", "tcsh"], "'tcsh' does not fit <shell>.", "Allowed choices are"],
  [["doctor", "--bundle"], "--bundle needs its <file> behind it.", "ws doctor --help"],
  [["shell", "demo", "-c"], "--command needs its <command> behind it.", "ws shell --help"],
])("%j is refused in words of ours", async (argv, message, next) => {
  const io = createFakeIo();
  expect(await run(argv, io)).toBe(2);
  expect(io.err()).toContain(`ws: ${message} (usage)`);
  expect(io.err()).toContain(next);
});
