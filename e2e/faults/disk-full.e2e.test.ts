import { startGitServer } from "@ws/git-provider/testing";
import { expect, test } from "vitest";
import { expectRefusal } from "../support/refusal.ts";
import { startOnSmallDisk } from "../support/small-disk.ts";

test("on a disk that is nearly full nothing new is begun, and what is there can be looked at and deleted", async () => {
  await using agent = await startOnSmallDisk("size=64m");
  await expectRefusal(agent, ["start", "demo"], {
    code: "disk_full",
    exit: 1,
    says: /0\.1 GiB/,
    next: /ws delete|free space/,
  });
  expect(await agent.ws(["list", "--json"])).toMatchObject({ code: 0, stdout: "[]\n" });
  expect(await agent.ws(["doctor"])).toMatchObject({ code: 1, stdout: expect.stringMatching(/✗ Disk: 0\.1 GiB/) });
});

test("a disk that fills up amid a clone is told, and all that was written is given back", async () => {
  await using server = await startGitServer();
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, number) => [`part-${number}`, "x\n"]));
  const { url } = await server.create("acme/large", { files });
  // Enough bytes to be let in; the files are too many.
  await using agent = await startOnSmallDisk("size=3g,nr_inodes=400", { WS_GIT_CA: server.caFile });
  await expectRefusal(agent, ["start", "large", "--clone", url], {
    code: "disk_full",
    exit: 1,
    says: /acme\/large/,
    next: /ws delete/,
  });
  expect((await agent.ws(["list"])).stdout).toMatch(/large +error \(disk_full\)/);
  expect((await agent.ws(["delete", "large", "--yes"])).code).toBe(0);
  const started = await agent.ws(["start", "small", "--json"]);
  const { id } = JSON.parse(started.stdout) as { id: string };
  expect(await agent.ws(["exec", "small", "--", "ls", agent.disk])).toMatchObject({ code: 0, stdout: `${id}\n` });
});
