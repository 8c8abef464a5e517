import { join } from "node:path";
import { expect, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createRepositoryPolicies } from "./repository-policies.ts";

test("rules of repositories are there again after a restart, by key, until they are taken away", () => {
  using directory = tempDir();
  const open = () => openDatabase(join(directory.path, "state.db"), createSilentLog());
  const first = open();
  const policies = createRepositoryPolicies(first);
  policies.set("git.test/b", { readOnly: true });
  policies.set("git.test/a", { allowedPaths: ["src"] });
  policies.set("git.test/b", { push: false });
  first.close();

  const second = open();
  const again = createRepositoryPolicies(second);
  expect(again.list()).toEqual([
    { repository: "git.test/a", rules: { allowedPaths: ["src"] } },
    { repository: "git.test/b", rules: { push: false } },
  ]);
  again.set("git.test/a", undefined);
  expect([again.get("git.test/a"), again.get("git.test/b")]).toEqual([undefined, { push: false }]);
  second.close();
});
