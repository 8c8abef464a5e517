import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createSubject, docker, newSpec, running } from "./testing/subject.ts";

test("beside its home a container is shown the objects of its repository, read-only, and nothing more (row 16; CVE-2026-6406)", async () => {
  const root = await mkdtemp(join(tmpdir(), "ws-objects-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const objects = join(root, "shared/ws-a");
  await using subject = createSubject({ objectsDirectory: root });
  await subject.runtime.prepare({ report: () => undefined });
  const spec = await running(subject, newSpec({ objects }));
  const { Mounts: mounts, HostConfig: host } = await docker.getContainer(spec.handle).inspect();
  const shown = mounts.map(({ Type, RW, Source }) => `${Type} ${RW} ${Type === "bind" ? Source : ""}`);
  expect(shown.toSorted((a, b) => a.localeCompare(b))).toEqual([`bind false ${objects}`, "volume true "]);
  expect(host.Binds).toBeNull();
  // A container is started again although somebody removed what it was shown.
  await subject.runtime.stop(spec.id);
  await rm(objects, { recursive: true });
  await expect(subject.runtime.start(spec)).resolves.toMatchObject({ power: "running" });
});

test("what lies elsewhere is not shown, and what the engine does not see hinders no workspace", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), "ws-elsewhere-"));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  await mkdir(join(elsewhere, "x"));
  await using subject = createSubject({ objectsDirectory: "/dev/null" });
  await subject.runtime.prepare({ report: () => undefined });
  for (const objects of [join(elsewhere, "x"), "/dev/null/ws-a"]) {
    const spec = await running(subject, newSpec({ objects }));
    await using box = await subject.runtime.open(spec.id);
    expect(box.objects).toBeUndefined();
    expect((await docker.getContainer(spec.handle).inspect()).Mounts.map(({ Type }) => Type)).toEqual(["volume"]);
  }
});
