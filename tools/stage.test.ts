import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stage } from "./stage.mjs";

async function runStage(code: string): Promise<{ ok: boolean; told: string; log: string; kept: string }> {
  const directory = mkdtempSync(join(tmpdir(), "ws-stage-"));
  const log = join(directory, "logs", "stage.log");
  let told = "";
  const out = { write: (text: string) => (told += text) };
  try {
    const ok = await stage("Trying", process.execPath, ["-e", code], { log, hint: "Try again.", out });
    return { ok, told, log, kept: readFileSync(log, "utf8") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("a step that is quickly done says nothing, and what it printed is kept", async () => {
  const { ok, told, kept } = await runStage("console.log('much')");
  expect({ ok, told, kept }).toEqual({ ok: true, told: "", kept: "much\n" });
});

test("a step that fails shows the end of what it printed, why, where all of it is, and what to do", async () => {
  const { ok, told, log } = await runStage(
    "for (let n = 1; n <= 100; n += 1) console.log('line', n); console.error('why'); process.exit(3)",
  );
  expect(ok).toBe(false);
  expect(told).not.toContain("line 50\n");
  expect(told.endsWith(`line 100\nwhy\n\n✗ Trying: it ended with 3. All that it printed: ${log}\n  Try again.\n`)).toBe(
    true,
  );
});

test("a command that is not there fails as one that ran", async () => {
  const out = { write: () => true };
  const directory = mkdtempSync(join(tmpdir(), "ws-stage-"));
  expect(await stage("Trying", "no-such-command", [], { log: join(directory, "log"), out })).toBe(false);
  rmSync(directory, { recursive: true });
});
