import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRealWorkspace } from "../testing/real-workspace.ts";

test.each(["docker", "local"] as const)(
  "a script on %s that takes too long is ended with what it began in the background, and can be run again",
  async (kind) => {
    await using it = await startRealWorkspace(kind);
    const { config, configDir, workspaces, name, said } = it;
    const script = join(configDir, "slow.sh");
    const waits = "if [ -e ~/go ]; then echo went on; exit 4; fi\nsleep 987654 &\necho $! > ~/child\nwait";
    writeFileSync(script, `#!/bin/sh\n${waits}\n`);
    config.set("scripts.post_start", script);
    config.set("scripts.timeoutSeconds", 2);
    expect(await workspaces.runScripts(name)).toEqual([{ script: "slow.sh", exitCode: 124 }]);
    // One that has ended may not have been waited for yet.
    expect(await said('grep State "/proc/$(cat ~/child)/status" | grep -v Z; touch ~/go')).toBe("");
    expect(await workspaces.runScripts(name, { script: "slow.sh" })).toEqual([{ script: "slow.sh", exitCode: 4 }]);
    const log = (await Array.fromAsync(workspaces.logs(name, {}))).join("");
    expect(log).toContain("slow.sh was ended after 2 s.");
    expect(log).toContain("went on");
  },
);

test("the worker's post-start.sh is found where scripts that came with other images look, and runs once", async () => {
  await using it = await startRealWorkspace("docker");
  const { config, configDir, workspaces, name, said } = it;
  const script = join(configDir, "post-start.sh");
  writeFileSync(script, "#!/bin/sh\necho ran >> ~/times\n");
  config.set("scripts.post_start", script);
  await workspaces.restart(name);
  expect(await said("cat ~/times; cat /workspace/post-start.sh")).toBe("ran\n#!/bin/sh\necho ran >> ~/times");
});
