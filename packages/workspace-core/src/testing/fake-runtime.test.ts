import { createFakeBox } from "./fake-box.ts";
import { createFakeRuntime } from "./fake-runtime.ts";
import { runtimeSuite } from "./runtime-suite.ts";

runtimeSuite(
  "the fake runtime",
  async () => {
    const runtime = createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) });
    return { runtime, async [Symbol.asyncDispose]() {} };
  },
  {
    processes: false,
    objects: { directory: "/objects", add: async () => undefined, kept: false },
    async crash({ runtime }, { id }) {
      const exit = { code: 3, oom: false };
      runtime.crash(id, exit);
      return exit;
    },
  },
);
