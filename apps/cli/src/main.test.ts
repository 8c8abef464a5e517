import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EXIT } from "./errors.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test("a reader that goes away, as in '| head', ends it without a word", async () => {
  const child = spawn(process.execPath, ["--conditions=source", main, "--help"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect({ said, code }).toEqual({ said: "", code: EXIT.unread });
});

test.each([
  [["--help"], /^ws: .* could not be written: .*\. \(output_failed\)\n {4}\S.*\n$/],
  [["list", "--help", "--json"], /^\{"error":\{"code":"output_failed",.*\}\}\n$/],
])("where what %j prints cannot be written, as on a full disk, it says so in a sentence", async (argv, sentence) => {
  // One that takes nothing, on every system.
  const closed = openSync(main, "r");
  const child = spawn(process.execPath, ["--conditions=source", main, ...argv], { stdio: ["ignore", closed, "pipe"] });
  closeSync(closed);
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => (said += bytes.toString()));
  expect(await once(child, "close")).toEqual([EXIT.failed, null]);
  expect(said).toMatch(sentence);
});
