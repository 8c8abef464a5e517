import { expect, test } from "vitest";
import { faultOfName, faultOfScript, isUnsaved, MOST_BYTES, withRun } from "./draft.ts";

test("A script needs a line that says what runs it, Unix line ends, and less than a mebibyte", () => {
  expect(faultOfScript("#!/bin/sh\necho\n")).toBeUndefined();
  for (const text of ["", "echo\n", "#!/bin/sh\r\necho\r\n", `#!/bin/sh\n${"é".repeat(MOST_BYTES / 2)}`]) {
    expect(faultOfScript(text)).toEqual(expect.any(String));
  }
});

test("What is new or another text than the worker has is not saved", () => {
  expect(isUnsaved({ saved: "a", text: "a" })).toBe(true);
  expect(isUnsaved({ saved: "a", text: "b", revision: "1" })).toBe(true);
  expect(isUnsaved({ saved: "a", text: "a", revision: "1" })).toBe(false);
});

test("A script that is to run comes last, and one that is not leaves the others in their order", () => {
  expect(withRun(["a", "b"], "c", true)).toEqual(["a", "b", "c"]);
  expect(withRun(["a", "b", "c"], "b", false)).toEqual(["a", "c"]);
});

test("A name is one of a file, and nobody else's", () => {
  expect(faultOfName("lint.sh", ["a.sh"])).toBeUndefined();
  for (const name of ["a.sh", "../a", ".a", "", "a b"]) expect(faultOfName(name, ["a.sh"])).toBeDefined();
});
