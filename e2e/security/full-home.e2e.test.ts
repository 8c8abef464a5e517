import { expect, test } from "vitest";
import { rounds } from "../support/rounds.ts";
import { startOnSmallDisk } from "../support/small-disk.ts";

/** In the full proof bytes fill it, three gigabytes of this machine's memory; else names do, which cost nothing. */
const [DISK, FILL] = [
  ["size=3g,nr_inodes=1500", "i=0; while : > fill-$i; do i=$((i + 1)); done"],
  ["size=3g", "cat /dev/zero > fill"],
][rounds(0, 1)] as [string, string];

test("a workspace that fills the disk which it shares is told so, its neighbour too or runs on, and what it took comes back (disk fill)", async () => {
  await using agent = await startOnSmallDisk(DISK);
  const { workspaces, info } = agent.client;
  for (const name of ["alpha", "beta"]) await workspaces.create({ name });
  const filled = await agent.ws(["exec", "alpha", "--", "sh", "-c", FILL]);
  expect(filled).toMatchObject({ stderr: expect.stringMatching(/No space left on device/i) as string });
  for (let call = 0; call < rounds(50, 1_000); call += 1) await info();
  const neighbour = await agent.ws(["exec", "beta", "--", "echo", "hi"]);
  expect(`${neighbour.stdout}${neighbour.stderr}`).toMatch(/^hi\n$|\(disk_full\)/);
  expect((await agent.ws(["delete", "alpha", "--yes", "--force"])).code).toBe(0);
  expect(await workspaces.exec({ name: "beta", command: "echo hi > note && cat note" })).toMatchObject({
    stdout: "hi\n",
  });
  expect(await workspaces.create({ name: "gamma" })).toMatchObject({ status: "running" });
});
