import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import { readIdentity } from "./identity.ts";

const SAID = ["me", "/home/me", "/run/ws/box", "123", "/bin/bash", "ws-box", "/bin/sh"];

function saying(lines: readonly string[]): PassThrough {
  const stream = new PassThrough();
  stream.write(`${lines.join("\n")}\n`);
  return stream;
}

test("The first code in a container says who and where it is", async () => {
  expect(await readIdentity(saying(SAID))).toMatchObject({ user: "me", home: "/home/me", loginShell: "/bin/sh" });
});

test.each([
  ["a terminal's commands in its name", ["\u001b]0;x\u0007", ...SAID.slice(1)]],
  ["a home that is no path", ["me", "home", ...SAID.slice(2)]],
  ["a directory that is no path", ["me", "/home/me", "", ...SAID.slice(3)]],
])("It is not believed with %s", async (_what, said) => {
  await expect(readIdentity(saying(said))).rejects.toThrow(/does not say/);
});
