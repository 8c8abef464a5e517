import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { remoteCommand } from "../ssh/command.ts";
import { sshPlace, sshRewrites, sshSpellings } from "./ssh-place.ts";

test.each([
  ["git@forge.test:org/repo.git", { authority: { host: "forge.test" }, user: "git", path: "org/repo.git" }],
  ["git@forge.test:/srv/repo", { authority: { host: "forge.test" }, user: "git", path: "/srv/repo" }],
  ["me@forge.test:~you/repo", { authority: { host: "forge.test" }, user: "me", path: "~you/repo" }],
  ["ssh://forge.test/org/repo", { authority: { host: "forge.test" }, user: "git", path: "/org/repo" }],
  ["ssh://me@forge.test:2222/~/a%20b", { authority: { host: "forge.test", port: 2222 }, user: "me", path: "~/a b" }],
  ["ssh://git@[2001:db8::1]:22/r", { authority: { host: "2001:db8::1" }, user: "git", path: "/r" }],
])("%s leads where git itself would go", (url, place) => {
  expect(sshPlace(url)).toEqual(place);
});

test("an https URL leads nowhere by ssh", () => {
  expect(sshPlace("https://forge.test/org/repo")).toBeUndefined();
  expect(sshSpellings("https://forge.test/org/repo")).toEqual([]);
});

test("git may know a repository by each of its spellings, and all of them lead to one place", () => {
  const spellings = sshSpellings("git@forge.test:org/repo.git");
  expect(new Set(spellings.map(({ led }) => led))).toEqual(new Set(["ssh:git@forge.test/org/repo"]));
  expect(spellings.map(({ spelled }) => spelled)).toEqual([
    "ssh://git@forge.test/org/repo",
    "ssh://forge.test/org/repo",
    "ssh://git@forge.test:22/org/repo",
    "git@forge.test:org/repo",
    "git@forge.test:/org/repo",
  ]);
  expect(sshSpellings("ssh://me@forge.test:2222/org/repo")).toEqual([
    { spelled: "ssh://me@forge.test:2222/org/repo", led: "ssh:me@forge.test:2222/org/repo" },
  ]);
});

/** As git's own: the longest beginning that fits is put into other words. */
function rewritten(url: string, urls: readonly string[]): string {
  const { led, left } = sshRewrites(urls);
  const all = [
    ...led.map(({ spelled, led: to }) => ({ spelled, to })),
    ...left.map((spelled) => ({ spelled, to: spelled })),
  ];
  const fitting = all.filter(({ spelled }) => url.startsWith(spelled));
  const longest = fitting.toSorted((one, other) => other.spelled.length - one.spelled.length);
  expect(longest.filter(({ spelled }) => spelled === longest[0]?.spelled).length).toBeLessThan(2);
  return longest[0] === undefined ? url : `${longest[0].to}${url.slice(longest[0].spelled.length)}`;
}

test.each(["ssh://git@forge.test/", "ssh://forge.test/", "ssh://git@forge.test:22/", "git@forge.test:"])(
  "what begins with %s is led where it is granted, and a longer name is left where git itself would go",
  (before) => {
    const granted = ["git@forge.test:org/repo.git", "ssh://git@forge.test/org/repo2"];
    const at = (name: string): string => rewritten(`${before}${name}`, granted);
    for (const name of ["org/repo", "org/repo.git", "org/repo/", "org/repo.git/", "org/repo2", "org/repo2.git"]) {
      expect(at(name)).toBe(`ssh:git@forge.test/${name}`);
    }
    for (const name of [
      "org/repo-two",
      "org/repo-two.git",
      "org/repo_2",
      "org/repo.github.io",
      "org/repo3",
      "org/repo22",
    ]) {
      expect(at(name)).toBe(`${before}${name}`);
    }
    expect(at("org/repository")).toBe("ssh:git@forge.test/org/repository");
    expect(at("org/other")).toBe(`${before}org/other`);
  },
);

test.each([
  "org/repo",
  "it's/$(touch here)",
  "`touch here`;touch here",
  "a'; touch here; '",
  "!!' \"\\'\n-x",
  "a'b!c''!",
])("command injection by a repository's URL (as CVE-2017-1000117): %j stays one word of the server's shell", (path) => {
  const directory = mkdtempSync(join(tmpdir(), "ws-quoting-"));
  const command = remoteCommand("upload-pack", path).replace("git-upload-pack", "shown");
  const script = `shown() { printf '%s|' "$@"; }; ${command}; ls`;
  expect(execFileSync("sh", ["-c", script], { cwd: directory, encoding: "utf8" })).toBe(`${path}|`);
  rmSync(directory, { recursive: true });
});
