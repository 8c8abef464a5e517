import { describe, expect, test } from "vitest";
import { noConfinedFiles } from "../no-confined-files.ts";
import { createPolicy } from "../policy/policy.ts";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import { HOSTILE_PATHS } from "../testing/hostile-paths.ts";
import type { PolicyRules } from "../policy/rules.ts";
import { createWorkspaceFiles } from "./workspace-files.ts";

const ROOT = "/home/workspace";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A place whose image has no Perl. */
function without(rules: PolicyRules = {}) {
  const box = createFakeBox(createFakeHome("ws-plain"), new AbortController().signal);
  const lacking = { ...box, within: () => noConfinedFiles("it has no Perl", ["confined"]) };
  const policy = createPolicy([{ of: "workspace", name: "demo", rules }]);
  return { box, files: createWorkspaceFiles({ box: lacking, root: ROOT, policy }) };
}

describe("where a place cannot hold files below a directory", () => {
  test("they are worked with by name, as far as nobody set rules for paths", async () => {
    const { files } = without();
    const { version } = await files.write("src/a", bytes("one\n"));
    expect(await files.edit("src/a", { oldString: "one", newString: "three" })).toMatchObject({ replacements: 1 });
    await expect(files.write("src/a", bytes("x"), { expect: version })).rejects.toMatchObject({ code: "file_changed" });
    await expect(files.write("src/a", bytes("x"), { expect: "absent" })).rejects.toMatchObject({ code: "file_exists" });
    await expect(files.read("src")).rejects.toMatchObject({ code: "is_a_directory" });
    await expect(files.remove("src")).rejects.toMatchObject({ code: "directory_not_empty" });
    expect(await files.mkdir("lib")).toEqual({ path: "lib", created: true });
    expect(await files.mkdir("lib")).toEqual({ path: "lib", created: false });
    await files.move("src/a", "lib/b");
    await expect(files.move("lib/b", "lib")).rejects.toMatchObject({ code: "file_exists" });
    expect((await files.list("lib")).entries.map(({ name }) => name)).toEqual(["b"]);
    expect(await files.read("lib/b")).toMatchObject({ content: "three\n" });
    expect(await files.remove("lib", { recursive: true })).toEqual({ path: "lib", removed: true });
    expect(await files.remove("lib")).toEqual({ path: "lib", removed: false });
    await expect(files.remove("")).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("what leads out by its words, and what holds secrets, is refused all the same", async () => {
    const { files } = without();
    for (const { path, is } of HOSTILE_PATHS) {
      const code = {
        "leads-out": "path_traversal",
        "no-path": "invalid_input",
        protected: "path_not_allowed",
        name: "file_not_found",
      }[is];
      await expect(files.read(path)).rejects.toMatchObject({ code });
    }
  });

  test("with rules for paths nothing is done, because they would not hold", async () => {
    for (const rules of [{ allowedPaths: ["src"] }, { writablePaths: ["src"] }, { hiddenPaths: ["private"] }]) {
      const { box, files } = without(rules);
      await expect(files.write("src/a", bytes("x"))).rejects.toMatchObject({ code: "box_feature_missing" });
      await expect(box.files.stat(`${ROOT}/src`)).rejects.toMatchObject({ code: "file_not_found" });
    }
  });
});
