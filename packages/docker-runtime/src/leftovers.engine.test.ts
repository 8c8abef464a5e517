import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { homeVolume, workspaceLabels } from "./labels.ts";
import { networkName } from "./network.ts";
import { createSubject, docker, execute, newSpec, running, type Subject } from "./testing/subject.ts";

describe("what others left or did on the engine", () => {
  let subject: Subject;
  let image: string;
  beforeAll(async () => {
    subject = createSubject();
    await subject.runtime.prepare({ report: () => undefined });
    const spec = await running(subject);
    image = (await docker.getContainer(spec.handle).inspect()).Config.Image;
    await subject.runtime.remove(spec.id);
  });
  afterAll(() => subject[Symbol.asyncDispose]());

  const stranger = (name: string): Promise<{ id: string; remove: (options: object) => Promise<unknown> }> =>
    docker.createContainer({ name, Image: image, Cmd: ["true"] });

  test("a stranger's container of the same name is left alone, and the workspace has its name all the same", async () => {
    const spec = newSpec();
    const foreign = await stranger(`workspace-${spec.name}`);
    try {
      const place = await subject.runtime.create(spec);
      expect(place.name).toBe(spec.name);
      const { Name: name } = await docker.getContainer(place.handle).inspect();
      expect(name).toBe(`/workspace-${spec.name}.${spec.id.slice(3)}`);
      await subject.runtime.remove(spec.id);
      expect((await docker.getContainer(foreign.id).inspect()).State.Status).toBe("created");
    } finally {
      await foreign.remove({ force: true });
    }
  });

  test("a rename that meets a stranger's name does the same, and comes back to the plain form when it is free", async () => {
    const spec = await running(subject);
    const foreign = await stranger(`workspace-${spec.name}-b`);
    await subject.runtime.rename(spec.id, `${spec.name}-b`);
    expect(await subject.runtime.find(spec.id)).toMatchObject({ name: `${spec.name}-b`, handle: spec.handle });
    await foreign.remove({ force: true });
    await subject.runtime.rename(spec.id, `${spec.name}-c`);
    expect((await docker.getContainer(spec.handle).inspect()).Name).toBe(`/workspace-${spec.name}-c`);
    await subject.runtime.remove(spec.id);
  });

  test("a home whose create was cut short is used, and a place whose home is gone gets one", async () => {
    const spec = newSpec();
    await docker.createVolume({ Name: homeVolume(spec.id), Labels: workspaceLabels(subject.instance, spec.id) });
    await subject.runtime.create(spec);
    await docker
      .getVolume(homeVolume(spec.id))
      .remove({ force: true })
      .catch(() => undefined);
    await subject.runtime.create(spec);
    expect(await subject.runtime.homes()).toEqual([spec.id]);
    expect(await subject.runtime.start(spec)).toMatchObject({ power: "running" });
    await subject.runtime.remove(spec.id);
  });

  test("a volume of a workspace's name that belongs to somebody else is not taken for its home", async () => {
    const spec = newSpec();
    await docker.createVolume({ Name: homeVolume(spec.id), Labels: { owner: "somebody" } });
    try {
      await expect(subject.runtime.create(spec)).rejects.toThrow("belongs to somebody else");
      expect(await subject.runtime.homes()).toEqual([]);
    } finally {
      await docker.getVolume(homeVolume(spec.id)).remove();
    }
  });

  test("a home that something still uses is removed when that is gone", async () => {
    const spec = newSpec();
    await subject.runtime.create(spec);
    const user = await docker.createContainer({
      Image: image,
      HostConfig: { Mounts: [{ Type: "volume", Source: homeVolume(spec.id), Target: "/x" }] },
    });
    const removal = subject.runtime.remove(spec.id);
    while ((await subject.runtime.find(spec.id)) !== undefined);
    await user.remove({ force: true });
    await removal;
    expect(await subject.runtime.homes()).toEqual([]);
  });

  test("a network that was pruned while all stood still is made again and joined again", async () => {
    const spec = await running(subject);
    await execute(subject, spec.id, ["sh", "-c", "sudo touch /etc/kept"]);
    await subject.runtime.stop(spec.id);
    await docker.getNetwork(networkName(subject.instance)).remove();
    await subject.runtime.start(spec);
    const { NetworkSettings: settings } = await docker.getContainer(spec.handle).inspect();
    expect(Object.keys(settings.Networks)).toEqual([networkName(subject.instance)]);
    expect((await execute(subject, spec.id, ["test", "-e", "/etc/kept"])).code).toBe(0);
    await subject.runtime.remove(spec.id);
  });

  test("the networks of several workers find room beside one another", async () => {
    const others = Array.from({ length: 3 }, () => createSubject());
    try {
      await Promise.all(others.map(({ runtime }) => runtime.prepare({ report: () => undefined })));
      const networks = await docker.listNetworks();
      const subnets = networks.flatMap((network) => network.IPAM?.Config?.map((config) => config.Subnet) ?? []);
      expect(new Set(subnets).size).toBe(subnets.length);
    } finally {
      for (const other of others) await other[Symbol.asyncDispose]();
    }
  });

  test("a chosen network that is taken is refused with the way out", async () => {
    const bridge = (await docker.getNetwork("bridge").inspect()) as { IPAM: { Config: { Subnet: string }[] } };
    const networkSubnet = bridge.IPAM.Config[0]?.Subnet ?? "";
    await using other = createSubject({ settings: { networkSubnet } });
    await expect(other.runtime.prepare({ report: () => undefined })).rejects.toMatchObject({
      code: "runtime_unavailable",
      next: expect.stringContaining("docker.subnet"),
    });
    await using wrong = createSubject({ settings: { networkSubnet: "lots" } });
    await expect(wrong.runtime.prepare({ report: () => undefined })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
