import { expect, test } from "vitest";

import { createSshFiles } from "./ssh-files.ts";
import type { Sftp } from "./sftp.ts";

test("an entry that an SFTP server of the workspace's own names a way elsewhere is none (tar-fs CVE-2025-59343)", async () => {
  const attrs = { mode: 0o100644, size: 1, mtime: 0 };
  const entries = ["../evil", "/etc/evil", "a/b", "", "..", ".", "kept"].map((filename) => ({ filename, attrs }));
  const quick: Sftp = { request: async <T>() => entries as T };
  const files = createSshFiles({
    quick,
    bulk: async () => quick,
    removeTree: async () => true,
    closedError: () => undefined,
  });
  expect((await files.list("/home")).map(({ name }) => name)).toEqual(["kept"]);
});
