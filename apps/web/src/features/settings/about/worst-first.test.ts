import type { DoctorCheck } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { worstFirst } from "./worst-first.ts";

test("What does not work stands first, and what is alike as it was told", () => {
  const told = ["ok 1", "warn 1", "fail 1", "ok 2", "fail 2"].map((id): DoctorCheck => {
    const [status] = id.split(" ");
    return { id, title: id, status: status as DoctorCheck["status"], message: "" };
  });
  expect(worstFirst(told).map(({ id }) => id)).toEqual(["fail 1", "fail 2", "warn 1", "ok 1", "ok 2"]);
});
