import { plainBoxSuite } from "./box-suite.ts";
import { createFakeBox } from "./fake-box.ts";
import { createFakeHome } from "./fake-home.ts";

plainBoxSuite("the fake Box", async () => {
  const home = createFakeHome("ws-fake");
  const ended = new AbortController();
  return {
    box: createFakeBox(home, ended.signal),
    reopen: async () => createFakeBox(home, ended.signal),
    link: async (target, path) => void home.links.set(path, target),
    async [Symbol.asyncDispose]() {
      ended.abort();
    },
  };
});
