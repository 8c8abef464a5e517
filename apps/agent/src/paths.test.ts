import { chownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { socketPath } from "./paths.ts";
import { tempDir } from "./testing/temp-dir.ts";

test("the socket of a deep directory is looked for where its owner has it, whoever looks", () => {
  using directory = tempDir();
  const deep = join(directory.path, "d".repeat(60), "e".repeat(60));
  const own = process.getuid?.() ?? 0;
  expect(socketPath(deep)).toContain(`/tmp/ws-${own}-`);
  if (own === 0) {
    mkdirSync(deep, { recursive: true });
    chownSync(deep, 4242, 4242);
    expect(socketPath(deep)).toContain("/tmp/ws-4242-");
  } else {
    mkdirSync(join(deep, ".."), { recursive: true });
    symlinkSync("/etc", deep);
    expect(socketPath(deep)).toContain("/tmp/ws-0-");
  }
});
