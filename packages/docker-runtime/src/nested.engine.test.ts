import type { PlaceSpec } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createSubject, docker, execute, newSpec, running, type Subject, systemClock } from "./testing/subject.ts";

let subject: Subject;
let image: string;
beforeAll(async () => {
  subject = createSubject();
  await subject.runtime.prepare({ docker: true, report: () => undefined });
  const place = spec();
  const { handle } = await subject.runtime.create(place);
  image = (await docker.getContainer(handle).inspect()).Config.Image;
  await subject.runtime.remove(place.id);
});
afterAll(() => subject[Symbol.asyncDispose]());

const spec = (): PlaceSpec => newSpec({ docker: true });
const volumes = async (id: string): Promise<string[]> => {
  const { Volumes: found } = await docker.listVolumes({ filters: { label: [`ws.workspace=${id}`] } });
  return found.map(({ Name: name }) => name).sort();
};
const networks = async (id: string): Promise<string[]> => {
  const found = await docker.listNetworks({ filters: { label: [`ws.workspace=${id}`] } });
  return found.map(({ Name: name }) => name);
};

test("a workspace runs containers of its own, whose images survive a restart and go with it", async () => {
  const place = await running(subject, spec());
  const sh = (script: string) => execute(subject, place.id, ["sh", "-ec", script]);
  // No registry answers everywhere: an image of the shell that is there, with what it is linked to.
  const imported = await sh(`
    mkdir -p /tmp/root/bin && cp /bin/sh /bin/cat /tmp/root/bin/
    ldd /bin/sh /bin/cat | grep -o '/lib[^ ]*' | sort -u | xargs cp --parents --target-directory=/tmp/root
    tar -C /tmp/root -c . | docker import - little:1
    docker run --rm little:1 /bin/sh -c 'echo from within'`);
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(/from within\n$/) });
  expect(await sh("docker info --format '{{.Driver}}'")).toMatchObject({ code: 0, stdout: "overlay2\n" });

  await subject.runtime.stop(place.id);
  await subject.runtime.start(place);
  expect(await sh("docker run --rm little:1 /bin/sh -c 'echo again'")).toMatchObject({ code: 0, stdout: "again\n" });
  // As a crashed agent does: what is there and runs is left as it is.
  await subject.runtime.start(place);

  expect(await volumes(place.id)).toEqual([`workspace-${place.id}-docker`, `workspace-${place.id}-home`]);
  expect(await subject.runtime.homes()).toEqual([place.id]);
  await subject.runtime.remove(place.id);
  expect([await volumes(place.id), await networks(place.id)]).toEqual([[], []]);
});

test("it is alone on a bridge, behind the firewall like all others, and no other has any of its rights (row 17)", async () => {
  const [place, plain] = [await running(subject, spec()), await running(subject)];
  const of = async (handle: string) => (await docker.getContainer(handle).inspect()).HostConfig;
  const [own] = await networks(place.id);
  expect(await of(place.handle)).toMatchObject({
    Privileged: false,
    NetworkMode: own,
    PidMode: "",
    IpcMode: "private",
  });
  expect(await of(plain.handle)).toMatchObject({
    Privileged: false,
    CapAdd: null,
    CapDrop: ["NET_RAW"],
    SecurityOpt: [],
    PidMode: "",
    DeviceCgroupRules: null,
  });
  const { NetworkSettings: attached } = await docker.getContainer(place.handle).inspect();
  const { Gateway: gateway = "" } = attached.Networks[own ?? ""] ?? {};
  for (const address of [gateway, "169.254.169.254"]) {
    const asked = await execute(subject, place.id, ["curl", "-sS", "-m", "5", `http://${address}:7391/`]);
    expect([asked.code, asked.stderr]).toEqual([7, expect.stringMatching(/refused|Couldn't connect|No route/)]);
  }
  await Promise.all([place, plain].map(({ id }) => subject.runtime.remove(id)));
});

test("one whose network was removed behind our back starts with another one of the same name", async () => {
  const first = spec();
  await subject.runtime.create(first);
  const second = await running(subject, spec());
  await subject.runtime.stop(second.id);
  const before = await networks(second.id);
  const [own] = await networks(first.id);
  await subject.runtime.remove(first.id);
  // By now an earlier name is free, too.
  expect(own).not.toBe(before[0]);
  await docker.getNetwork(before[0] ?? "").remove();
  await subject.runtime.start(second);
  expect(await networks(second.id)).toEqual(before);
  expect(await execute(subject, second.id, ["docker", "ps", "-q"])).toMatchObject({ code: 0 });
  await subject.runtime.remove(second.id);
});

test("only so many have a bridge of their own, and the next is told why", async () => {
  const made = Array.from({ length: 8 }, () => spec());
  for (const place of made) await subject.runtime.create(place);
  const next = spec();
  await expect(subject.runtime.create(next)).rejects.toMatchObject({
    code: "nested_docker_unavailable",
    message: expect.stringContaining("all 8 networks"),
  });
  await subject.runtime.remove(made[0]?.id ?? "ws-");
  await subject.runtime.create(next);
  await Promise.all([...made, next].map(({ id }) => subject.runtime.remove(id)));
});

test("what an agent left of its trial when it was killed goes with the next one's", async () => {
  await using other = createSubject();
  const labels = { "ws.instance": other.instance, "ws.role": "probe" };
  const left = await docker.createContainer({
    Image: image,
    Labels: labels,
    HostConfig: { Mounts: [{ Type: "volume", Source: "", Target: "/var/lib/docker" }] },
  });
  const { Mounts: mounts } = await left.inspect();
  await Promise.all([1, 2].map(() => other.runtime.prepare({ docker: true, report: () => undefined })));
  const filters = { label: [`ws.instance=${other.instance}`] };
  expect(await docker.listContainers({ all: true, filters })).toEqual([]);
  await expect(docker.getVolume(mounts[0]?.Name ?? "").inspect()).rejects.toMatchObject({ statusCode: 404 });
});

test("a start that somebody within keeps from ending is given up", async () => {
  let isHasty = false;
  const sleep: typeof systemClock.sleep = (ms, signal) =>
    systemClock.sleep(isHasty && ms === 90_000 ? 1_000 : ms, signal);
  await using other = createSubject({ clock: { ...systemClock, sleep } });
  await other.runtime.prepare({ docker: true, report: () => undefined });
  const place = await running(other, spec());
  const silence = "printf '#!/bin/sh\\nexec sleep 1000\\n' >/usr/bin/docker; cp /usr/bin/docker /usr/bin/timeout";
  expect(await execute(other, place.id, ["sudo", "sh", "-ec", silence])).toMatchObject({ code: 0 });
  isHasty = true;
  await expect(other.runtime.start(place)).rejects.toMatchObject({
    code: "nested_docker_unavailable",
    message: expect.stringContaining("not over within 90 seconds"),
  });
});

test("where the firewall is within the container's own reach, none is made", async () => {
  await using other = createSubject({ settings: { firewall: "container" } });
  await expect(other.runtime.prepare({ docker: true, report: () => undefined })).rejects.toMatchObject({
    code: "nested_docker_unavailable",
    message: expect.stringContaining("firewall"),
  });
});
