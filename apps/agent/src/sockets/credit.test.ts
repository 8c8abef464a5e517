import { expect, test } from "vitest";
import { createCredit } from "./credit.ts";

test("Both outputs that wait go on when there is room", async () => {
  const credit = createCredit(10, () => 0);
  credit.spend(10);
  const waiting = Promise.all([credit.room(), credit.room()]);
  credit.repay(10);
  expect(await waiting).toEqual([true, true]);
});

test("Closing lets everybody go, and says that there is nobody to send to", async () => {
  const credit = createCredit(10, () => 0);
  credit.spend(10);
  const waiting = Promise.all([credit.room(), credit.room()]);
  credit.close();
  expect(await waiting).toEqual([false, false]);
});
