import { expect, test } from "vitest";
import { choicesOf } from "./choices.ts";

const branch = (name: string, remote = false) => ({
  name,
  remote,
  current: false,
  head: "0".repeat(40),
  subject: "",
  date: "2026-01-01T00:00:00Z",
});
const branches = [
  branch("main"),
  branch("fix/login"),
  branch("origin/HEAD", true),
  branch("origin/main", true),
  branch("origin/fix/logout", true),
];
const names = (search: string) => choicesOf(branches, search).found.map(({ name }) => name);

test("a branch of the remote is offered where there is none of its name here", () => {
  expect(names("")).toEqual(["main", "fix/login", "origin/fix/logout"]);
  expect(names("LOG")).toEqual(["fix/login", "origin/fix/logout"]);
});

test("what no branch is called can be made, also where it is part of another's name", () => {
  expect(["", "main", "fix/logout", "fix", " new "].map((typed) => choicesOf(branches, typed).mayCreate)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
