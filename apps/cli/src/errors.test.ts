import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CliError, EXIT, exitFor, printError, toCliError } from "./errors.ts";
import { createFakeIo } from "./testing/fake-io.ts";

test.each([
  ["workspace_not_found", EXIT.notFound],
  ["repository_not_found", EXIT.notFound],
  ["branch_not_found", EXIT.notFound],
  ["image_not_found", EXIT.notFound],
  ["port_taken", EXIT.conflict],
  ["state_locked", EXIT.conflict],
  ["engine_unreachable", EXIT.unavailable],
  ["engine_lost", EXIT.unavailable],
  ["box_closed", EXIT.unavailable],
  ["repository_unreachable", EXIT.unavailable],
  ["authentication_failed", EXIT.denied],
  ["disk_full", EXIT.failed],
  ["image_build_failed", EXIT.failed],
  ["clone_failed", EXIT.failed],
])("%s exits with %d", (code, exit) => expect(exitFor(code, "PRECONDITION_FAILED")).toBe(exit));

test.each([
  ["BAD_REQUEST", EXIT.usage],
  ["CONFLICT", EXIT.conflict],
  ["FORBIDDEN", EXIT.denied],
  ["UNAUTHORIZED", EXIT.denied],
  ["NOT_FOUND", EXIT.notFound],
  ["INTERNAL_SERVER_ERROR", EXIT.failed],
])("a code of its own that the wire calls %s exits with %d", (wire, exit) => {
  const error = Object.assign(new Error("no"), { defined: true, status: 400, code: wire, data: { code: "new" } });
  expect(toCliError(error)).toMatchObject({ code: "new", exit });
});

test("what a build printed is quoted below the sentence, and obeyed by no terminal", () => {
  const io = createFakeIo();
  printError(
    io,
    new CliError("image_build_failed", "It failed.\n\u001b[91mno such part", { next: "Put it right." }),
    false,
  );
  expect(io.err()).toBe("ws: It failed. (image_build_failed)\n    | no such part\n    Put it right.\n");
});

test("the README tells every exit code and no other", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const section = /## Exit codes\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? "";
  const told = [...section.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(told).toEqual(Object.values(EXIT));
});
