import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeClientConfig } from "./client-config.ts";

test("a client.json that cannot be written says so, with the way out", () => {
  const home = mkdtempSync(join(tmpdir(), "ws-client-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const file = join(home, "file");
  writeFileSync(file, "");
  expect(() => writeClientConfig({ WS_CONFIG_DIR: join(file, "below") }, { worker: "http://box:7391" })).toThrow(
    expect.objectContaining({
      code: "config_invalid",
      message: `${join(file, "below", "client.json")} cannot be written (ENOTDIR).`,
      next: expect.stringContaining("WS_CONFIG_DIR") as string,
    }) as Error,
  );
});
