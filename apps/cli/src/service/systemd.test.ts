import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { standInSystemd } from "../testing/stand-in-systemd.ts";
import type { Service } from "./service.ts";
import { createSystemd } from "./systemd.ts";

function manage() {
  const systemd = standInSystemd();
  const manager = createSystemd({ scope: "user", directory: systemd.units, run: systemd.run });
  const service: Service = {
    scope: "user",
    directory: join(systemd.directory, "100% \\ $HOME"),
    program: { node: systemd.program, words: ["it's $a", "%h"] },
  };
  return { systemd, manager, service };
}

test("a service is begun with the words and surroundings of its unit, told ready, begun anew, and ended", async () => {
  const { systemd, manager, service } = manage();
  await manager.requireThere();
  expect(await manager.state()).toEqual({ active: "inactive", enabled: false });
  writeFileSync(manager.file, manager.describe(service));
  await manager.begin();
  const first = await manager.state();
  expect(first).toEqual({ active: "active", enabled: true, pid: expect.any(Number) as number });
  expect(readFileSync(join(systemd.directory, "words"), "utf8")).toBe("it's $a %h agent run\n");
  expect(readFileSync(`/proc/${first.pid}/environ`, "utf8")).toContain(`WS_CONFIG_DIR=${service.directory}\0`);

  writeFileSync(manager.file, manager.describe({ ...service, port: 8000 }));
  await manager.restart();
  // Nothing is read again that nobody asks for.
  expect(readFileSync(join(systemd.directory, "words"), "utf8")).not.toContain("--port");
  await manager.begin();
  expect(readFileSync(join(systemd.directory, "words"), "utf8")).toContain("--port 8000");
  const second = await manager.state();
  expect(second.pid).not.toBe(first.pid);

  await manager.end();
  expect(await manager.state()).toEqual({ active: "inactive", enabled: false });
  expect(existsSync(`/proc/${second.pid}`)).toBe(false);
});

test("one that never says that it is ready has failed, and where to look is said", async () => {
  const { manager, service } = manage();
  writeFileSync(manager.file, manager.describe({ ...service, program: { node: "/bin/false", words: [] } }));
  await expect(manager.begin()).rejects.toMatchObject({
    code: "service_failed",
    next: expect.stringMatching(/journalctl --user -u workspace-agent\.service.*ws agent logs/) as string,
  });
  expect(await manager.state()).toMatchObject({ active: "failed" });
});

test("each call is for the person's own manager, or for the machine's", async () => {
  const { systemd, manager } = manage();
  await manager.state();
  await createSystemd({ scope: "system", directory: systemd.units, run: systemd.run }).state();
  expect(systemd.calls().map((call) => call.startsWith("--user "))).toEqual([true, false]);
});

test.each([
  [127, "spawn systemctl ENOENT", "there is no systemctl"],
  [1, "System has not been booted with systemd as init system (PID 1). Can't operate.\nHost is down", "PID 1"],
])("without systemd (%i) one sentence says so, and how to do without", async (code, stderr, why) => {
  const manager = createSystemd({ scope: "user", directory: "/u", run: async () => ({ code, stdout: "", stderr }) });
  await expect(manager.requireThere()).rejects.toMatchObject({
    code: "service_unavailable",
    exit: 5,
    message: expect.stringMatching(
      new RegExp(`^No systemd of this person answers \\(.*${why.replace(/[()]/g, "\\$&")}`),
    ) as string,
    next: expect.stringContaining("ws agent run") as string,
  });
});
