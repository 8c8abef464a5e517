import { expect, test } from "vitest";
import { pairing } from "./pairing.ts";
import { auth } from "./worker.ts";

const BYTES = "A".repeat(43);

test.each([
  ["Firefox on Android", true],
  ["", true],
  ["\u001b]52;c;ZXZpbA==\u0007", false],
  ["linux\nlaptop  paired", false],
  ["linux\u202e", false],
])("what a device says that it runs on is printed on others' terminals: %j is taken: %s", (platform, isTaken) => {
  const device = { name: "laptop", kind: "cli", platform } as const;
  const finish = pairing.finish["~orpc"].inputSchema;
  const exchange = auth.exchange["~orpc"].inputSchema;
  expect(finish?.safeParse({ session: "s", proof: BYTES, device }).success).toBe(isTaken);
  expect(exchange?.safeParse({ code: "c", platform }).success).toBe(isTaken);
});
