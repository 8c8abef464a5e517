import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runtimeSuite } from "@ws/workspace-core/testing";
import { afterAll } from "vitest";

import { createSubject, docker } from "./testing/subject.ts";

// Nobody but the worker's own user may enter what holds it.
const root = mkdtempSync(join(tmpdir(), "ws-suite-objects-"));
const directory = mkdtempSync(join(root, "shared-"));
chmodSync(directory, 0o755);
writeFileSync(join(directory, "seen"), "objects");
afterAll(() => rm(root, { recursive: true }));

runtimeSuite("the Docker runtime", async () => createSubject({ objectsDirectory: root }), {
  processes: true,
  objects: { directory, add: (name, content) => writeFile(join(directory, name), content), kept: true },
  async crash(_subject, { handle }) {
    await docker.getContainer(handle).kill();
    return { code: 137, oom: false };
  },
  async print(_subject, box, line) {
    // What an engine logs is what the first process's outputs get.
    const echo = await box.run(["sh", "-c", 'echo "$1" >/proc/1/fd/1', "sh", line]);
    await echo.exit;
  },
});
