import { expect, test } from "vitest";
import { dashboardOf, workerIn } from "./worker-address.ts";

test("A page below the name of a worker is about that worker, and no other page is", () => {
  expect(workerIn("/@desk")).toBe("desk");
  expect(workerIn("/@desk/w/alpha/files")).toBe("desk");
  for (const path of ["/", "/w/@desk", "/@", "/@/w/alpha", "/@Desk/", "/@../rpc", "/@%2e%2e/", "/desk"]) {
    expect([path, workerIn(path)]).toEqual([path, undefined]);
  }
});

test("The address of a worker's dashboard is found again in it", () => {
  expect(workerIn(dashboardOf("desk-2"))).toBe("desk-2");
  expect(workerIn(dashboardOf(undefined))).toBeUndefined();
});
