import { KeyRound } from "lucide-react";
import { expect, test } from "vitest";
import { findSettings } from "./find.ts";
import { GROUPS, SECTIONS, type SettingsSection } from "./sections.ts";

const section = (id: string, finds: readonly string[]): SettingsSection => ({
  id,
  label: id,
  Icon: KeyRound,
  about: `All about ${id}.`,
  group: "workspaces",
  finds,
  Component: () => undefined,
});
const sections = [
  section("Credentials", ["API keys", "GITHUB_TOKEN"]),
  section("Scripts", ["post-start", "Time limit"]),
];
const found = (text: string) =>
  findSettings(sections, text).map(({ section: { id }, matches }) => [id, ...matches].join(": "));

test("A setting is found by how its words begin, in any order and any case, and says which it is", () => {
  expect(found("KEY api")).toEqual(["Credentials: API keys"]);
  expect(found("time")).toEqual(["Scripts: Time limit"]);
  expect(found("about time")).toEqual(["Scripts: Time limit"]);
});

test("A section is found by its own name, and then none of its settings stands out", () => {
  expect(found("cred")).toEqual(["Credentials"]);
});

test("A name in several parts is found by any of them and as a whole", () => {
  for (const part of ["github_token", "token", "GITHUB"]) expect(found(part)).toEqual(["Credentials: GITHUB_TOKEN"]);
  for (const part of ["post-start", "start"]) expect(found(part)).toEqual(["Scripts: post-start"]);
});

test("Nothing typed finds all of them, and what no section has finds none", () => {
  expect(found(" ")).toHaveLength(2);
  expect(found("api time")).toEqual([]);
});

test("Each section has an address of its own, fit for a URL, and those of one group stand together", () => {
  const ids = SECTIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  const groups = SECTIONS.map(({ group }) => group).filter((group, at, all) => group !== all[at - 1]);
  expect(groups).toEqual(Object.keys(GROUPS).filter((group) => groups.some((each) => each === group)));
});
