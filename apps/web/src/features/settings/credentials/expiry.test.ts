import { expect, test } from "vitest";
import { expiryOf } from "./expiry.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const said = (expires: string) => Object.values(expiryOf(expires, NOW)).join(": ");

test("What ends within a week is a warning, what has ended is worse, and all else is a fact", () => {
  expect(said("2026-06-01T12:00:00Z")).toBe("plain: Expires in 92 days");
  expect(said("2026-03-09T12:00:00Z")).toBe("plain: Expires in 8 days");
  expect(said("2026-03-09T11:59:59Z")).toBe("warn: Expires in 7 days");
  expect(said("2026-03-02T13:00:00Z")).toBe("warn: Expires in a day");
  expect(said("2026-03-01T12:00:01Z")).toBe("warn: Expires within a day");
  expect(said("2026-03-01T12:00:00Z")).toBe("bad: Expired");
});
