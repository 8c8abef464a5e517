import fc from "fast-check";
import { expect, test } from "vitest";
import { withCommitFormat } from "./commit-format.ts";

const project = { name: "tool", commit: { prefix: "[tool] ", tags: { Team: "core" } } };

test.each([
  ["Fix it", "[tool] Fix it\n\nTeam: core\nBug: 12\n"],
  ["[tool] Fix it\n\nWhy: because.\n\nTeam: other\n", "[tool] Fix it\n\nWhy: because.\n\nTeam: other\nBug: 12\n"],
  ["Fix it\n\nA reason.", "[tool] Fix it\n\nA reason.\n\nTeam: core\nBug: 12\n"],
  ["Fix: it", "[tool] Fix: it\n\nTeam: core\nBug: 12\n"],
])("%j gets the prefix and the tags that it lacks", (description, expected) => {
  expect(withCommitFormat(description, { workflowType: "git", project, bug: "12" })).toBe(expected);
});

test("a project that wants nothing leaves it as it is, to the byte", () => {
  expect(withCommitFormat("Fix it \n\n", { workflowType: "git", project: { name: "a" } })).toBe("Fix it \n\n");
});

test("repeating changes nothing, whatever the description is", () => {
  const text = fc.string({ maxLength: 60 });
  const line = fc.oneof(text, fc.constantFrom("", "Team: core", "Bug: 1", "a\n\nb", "Signed-off-by: x"));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.option(text, { nil: undefined }), (lines, bug) => {
      const format = { workflowType: "git", project, ...(bug === undefined ? {} : { bug }) };
      const once = withCommitFormat(lines.join("\n"), format);
      expect(withCommitFormat(once, format)).toBe(once);
    }),
  );
});
