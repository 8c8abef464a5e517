import { expect, test } from "vitest";
import { createTransfers, type Transfer } from "./transfers.ts";

const transfer: Transfer = {
  kind: "download",
  repository: "h.test/o/r",
  oid: "a".repeat(64),
  size: 1,
  href: new URL("https://store.test/a"),
  header: {},
  authenticated: true,
  expiresAt: 1_000,
};

test("a transfer is found by its id until it expires, and by no other workspace", () => {
  let now = 0;
  const transfers = createTransfers(() => now);
  const id = transfers.add(transfer);
  expect(id).toMatch(/^[0-9a-f]{48}$/);
  expect(transfers.find(id)).toBe(transfer);
  expect(transfers.add(transfer)).not.toBe(id);
  expect(createTransfers(() => now).find(id)).toBeUndefined();
  now = 1_000;
  expect(transfers.find(id)).toBeUndefined();
  now = 0;
  expect(transfers.find(id)).toBeUndefined();
});

test("a workspace that asks without end has the newest of its transfers and no more", () => {
  const transfers = createTransfers(() => 0);
  const ids = Array.from({ length: 5_000 }, () => transfers.add(transfer));
  expect(ids.filter((id) => transfers.find(id) !== undefined)).toEqual(ids.slice(-4_096));
});
