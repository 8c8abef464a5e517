import { WsError } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { toCaller } from "./to-caller.ts";

const data = { name: "demo", files: 1 };

test("a step that names a worker's command is said in the library's words, and the rest of the error stays", () => {
  const cause = new Error("why");
  const met = new WsError("uncommitted_work", { message: "1 file.", next: "Say it: 'ws finalize demo'.", data, cause });
  const told = toCaller(met);
  expect(told).toMatchObject({ code: "uncommitted_work", message: "1 file.", data, cause });
  expect(told.next).toContain("`uncommitted`");
});

test("a step that needs no command line is left as it is", () => {
  const met = new WsError("uncommitted_work", { message: "1 file.", next: "Commit it, or undo its news.", data });
  expect(toCaller(met)).toBe(met);
});

test("a command that has no match here is left out", () => {
  const met = new WsError("project_exists", {
    message: "Twice.",
    next: "Use 'ws project list'.",
    data: { project: "a" },
  });
  expect(toCaller(met)).toMatchObject({ code: "project_exists", next: undefined });
});
