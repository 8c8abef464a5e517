import { createFakeForge, FAKE_LOGIN } from "./fake-forge.ts";
import { forgeSuite } from "./forge-suite.ts";
import { createManualClock } from "./manual-clock.ts";

forgeSuite("the fake forge", async () => {
  const clock = createManualClock();
  const forge = createFakeForge({ clock });
  const password = Math.random().toString(36);
  forge.accept(password);
  let made = 0;
  return {
    forge,
    clock,
    login: FAKE_LOGIN,
    secret: async () => ({ id: "c", type: "pat", provider: "fake", host: "forge.test", username: "x", password }),
    async repository({ fullName = `octo-org/repository-${++made}`, ...needs } = {}) {
      const held = forge.add(fullName, needs);
      return {
        fullName,
        url: held.url,
        push: async (branch, options) => forge.push(fullName, branch, options),
        branch: async (name) => void held.branches.set(name, { ahead: false, conflicts: false, checks: [] }),
        async openFromFork(branch) {
          const number = held.pullRequests.length + 1;
          held.pullRequests.push({
            number,
            author: "forker",
            title: "A fork's",
            body: "",
            sourceBranch: branch,
            targetBranch: "main",
            draft: false,
            state: "open",
            labels: [],
            people: [],
            teams: [],
            createdAt: clock.now(),
            fork: true,
          });
        },
        say: async (number, comment) => forge.say(fullName, number, comment),
        check: async (branch, check) => void held.branches.get(branch)?.checks.push(check),
        pullRequests: async () => held.pullRequests,
      };
    },
    fault: forge.fault,
    [Symbol.asyncDispose]: async () => undefined,
  };
});
