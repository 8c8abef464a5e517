import { expect, test } from "vitest";
import { isOfTheFile } from "./load-file.ts";

test.each([
  ["file_not_found", true],
  ["path_not_allowed", true],
  ["file_too_large", true],
  ["unreachable", false],
  ["engine_lost", false],
  ["workspace_not_running", false],
  ["internal_server_error", false],
])("%s says what became of the file: %s", (code, expected) => {
  expect(isOfTheFile({ code })).toBe(expected);
});
