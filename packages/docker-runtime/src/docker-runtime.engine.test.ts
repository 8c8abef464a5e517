import { runtimeSuite } from "@ws/workspace-core/testing";

import { createSubject, docker } from "./testing/subject.ts";

runtimeSuite("the Docker runtime", async () => createSubject(), {
  processes: true,
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
