import { expect, test } from "vitest";
import { choicesOf, meantBy } from "./choices.ts";

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

test.each<[string, { branch: string; create: boolean } | undefined]>([
  ["", undefined],
  ["main", { branch: "main", create: false }],
  ["logi", { branch: "fix/login", create: false }],
  ["fix/logout", { branch: "fix/logout", create: false }],
  // Two are left, so neither is meant, and nothing is made by accident.
  ["fix", undefined],
  [" new/one ", { branch: "new/one", create: true }],
])("Enter after %j means the one branch that it can mean", (search, expected) => {
  const { found, mayCreate } = choicesOf(branches, search);
  expect(meantBy(found, mayCreate, search)).toEqual(expected);
});

test("Enter on the branch that is checked out does nothing", () => {
  expect(meantBy([{ ...branch("main"), current: true }], false, "main")).toBeUndefined();
});
