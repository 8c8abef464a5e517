import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { DockerfileSource, ImageRecipe, Progress } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { contextTar, textFile } from "./image-context.ts";
import { createSubject, docker, execute, newSpec, type Subject } from "./testing/subject.ts";

const label = crypto.randomUUID();
const { signal } = new AbortController();
let subject: Subject;
let standard: string;
beforeAll(async () => {
  subject = createSubject();
  await subject.runtime.prepare({ report: () => undefined });
  const spec = newSpec();
  const { handle } = await subject.runtime.create(spec);
  standard = (await docker.getContainer(handle).inspect()).Config.Image;
  await subject.runtime.remove(spec.id);
});
afterAll(async () => {
  await subject[Symbol.asyncDispose]();
  for (const { Id: id } of await docker.listImages({ all: true, filters: { label: [`ws.test=${label}`] } })) {
    await docker
      .getImage(id)
      .remove({ force: true })
      .catch(() => undefined);
  }
});

const source = (lines: readonly string[], more: Partial<DockerfileSource> = {}): DockerfileSource => {
  const text = [`FROM ${standard}`, `LABEL ws.test=${label}`, ...lines, ""].join("\n");
  return {
    tree: crypto.randomUUID(),
    dockerfile: { path: "Dockerfile", content: Buffer.from(text) },
    bases: [standard],
    args: {},
    limits: { cpus: 1, memoryBytes: 2 ** 30 },
    network: true,
    // Another Dockerfile than the one that was judged, as a repository's attributes can have git write.
    context: () =>
      contextTar([textFile("Dockerfile", "FROM scratch\nADD http://127.0.0.1/ /x\n"), textFile("note.txt", "a note")]),
    ...more,
  };
};
async function make(recipe: ImageRecipe, told: Progress[] = []): Promise<string> {
  const options = {
    id: newSpec().id,
    report: (one: Progress) => void told.push(one),
    signal,
  };
  return (await subject.runtime.image?.(recipe, options)) ?? "";
}

test("an image that a repository describes is built once, and its workspace runs as the user that is named", async () => {
  const from = source(["ARG LEVEL", "COPY note.txt /note.txt", 'RUN sudo sh -c "echo $LEVEL >/level"'], {
    args: { LEVEL: "3" },
  });
  const image = await make({ from, user: "root" });
  const told: Progress[] = [];
  expect(await make({ from, user: "root" }, told)).toBe(image);
  expect(told).toEqual([]);
  const spec = newSpec({ image });
  await subject.runtime.create(spec);
  await subject.runtime.start(spec);
  const said = await execute(subject, spec.id, ["sh", "-c", "id -un; cat /level /note.txt"]);
  expect(said).toMatchObject({ code: 0, stdout: "root\n3\na note" });
  await subject.runtime.remove(spec.id);
});

test("a build reaches neither the machine, by any of its addresses, nor cloud metadata (row 18)", async () => {
  const server = createServer((_request, response) => response.end("reached"));
  server.listen(0, "0.0.0.0");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const gateways = "$(ip route | awk '/default/ {print $3}') 172.17.0.1 127.0.0.1";
    const machine = `for one in ${gateways}; do ! curl -sS -m 5 "http://$one:${port}/" | grep reached || exit 1; done`;
    const ask = `${machine}; ! curl -sS -m 5 http://169.254.169.254/ && ip route | grep default`;
    const told: Progress[] = [];
    const options = {
      id: newSpec().id,
      report: (one: Progress) => void told.push(one),
      signal,
    };
    await subject.runtime.image?.({ from: source([`RUN ${ask}`]) }, options);
    // It has a network, and it is gone with the build.
    expect(told.map(({ message }) => message).join("\n")).toMatch(/default via/);
    expect(await networks()).toEqual([]);
  } finally {
    server.close();
  }
});

const networks = async (): Promise<string[]> => {
  const found = await docker.listNetworks({ filters: { label: [`ws.instance=${subject.instance}`, "ws.workspace"] } });
  return found.map(({ Name: name }) => name);
};

test("a cancelled build leaves no network, though the engine takes its container away only later", async () => {
  const leaving = new AbortController();
  const { id } = newSpec();
  const making = subject.runtime.image?.(
    { from: source(["RUN echo beg''un; sleep 300"]) },
    { id, report: ({ message }) => void (message.endsWith(": begun") && leaving.abort()), signal: leaving.signal },
  );
  await expect(making).rejects.toThrow("aborted");
  await subject.runtime.remove(id);
  await expect.poll(networks, { timeout: 30_000 }).toEqual([]);
});

test("a network of a build whose agent was killed is taken back by the next one's", async () => {
  const ours = await docker.listNetworks({ filters: { label: [`ws.instance=${subject.instance}`] } });
  const shared = ours.find(({ Labels: labels }) => labels?.["ws.workspace"] === undefined);
  for (const owner of ["ws-build-0", "ws-build-1"]) {
    await docker.createNetwork({
      Name: `${shared?.Name}-${owner.at(-1) === "0" ? 1 : 2}`,
      Labels: { "ws.instance": subject.instance, "ws.workspace": owner },
    });
  }
  await make({ from: source(["RUN true"]) });
  expect(await networks()).toEqual([]);
});

test("a build that two wait for goes on when the first of them is deleted", async () => {
  const steps = Array.from({ length: 5 }, (_, step) => `RUN ip route | grep default; : ${step} ${crypto.randomUUID()}`);
  const recipe = { from: source(steps) };
  const [first, second] = [newSpec(), newSpec()];
  const leaving = new AbortController();
  const begun = Promise.withResolvers<void>();
  const one = subject.runtime.image?.(recipe, {
    id: first.id,
    report: ({ message }) => void (message.startsWith("Step 3/") && begun.resolve()),
    signal: leaving.signal,
  });
  one?.catch(() => undefined);
  await begun.promise;
  const joined = Promise.withResolvers<void>();
  const other = subject.runtime.image?.(recipe, { id: second.id, report: () => joined.resolve(), signal });
  await joined.promise;
  leaving.abort();
  let isOver = false;
  const over = other?.finally(() => (isOver = true));
  over?.catch(() => undefined);
  while (!isOver) await subject.runtime.remove(first.id);
  await expect(other).resolves.toMatch(/^ws-devcontainer:/);
  expect(await networks()).toEqual([]);
});

test("a build that is to have no network has none", async () => {
  await expect(make({ from: source(["RUN ip route | grep default"], { network: false }) })).rejects.toMatchObject({
    code: "image_build_failed",
  });
});

test("an image with instructions for what is built upon it is refused: the engine itself would carry them out", async () => {
  const trap = await make({ from: source(["ONBUILD ADD http://169.254.169.254/ /x"]) });
  for (const recipe of [{ from: source([], { bases: [trap] }) }, { from: { image: trap }, user: "root" }]) {
    await expect(make(recipe)).rejects.toMatchObject({
      code: "image_build_failed",
      message: expect.stringContaining("ONBUILD ADD http://169.254.169.254/"),
    });
  }
});

test("an image that was there before is not removed for what a build prints of it", async () => {
  const container = await docker.createContainer({ Image: standard });
  const { Id: kept } = (await container.commit({ changes: [`LABEL ws.test=${label}`] })) as { Id: string };
  await container.remove();
  const id = kept.replace("sha256:", "");
  await make({ from: source([`RUN echo ' ---> ${id.slice(0, 12)}'; echo ' ---> ${id}'`]) });
  expect((await docker.getImage(id).inspect()).RepoTags).toEqual([]);
});

test("a build of a workspace without limits leaves the machine some of its memory", async () => {
  const told: Progress[] = [];
  const read = "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes";
  await make({ from: source([`RUN echo limit $(${read})`], { limits: {} }) }, told);
  const [, limit] = told.map(({ message }) => /: limit (\d+)$/.exec(message)).find((found) => found !== null) ?? [];
  const { MemTotal: all } = (await docker.info()) as { MemTotal: number };
  expect(Number(limit)).toBeGreaterThan(0);
  expect(Number(limit)).toBeLessThan(all * 0.8);
});

test("a build that fails says its last lines and leaves neither an image nor a network", async () => {
  const count = async (): Promise<number> =>
    (await docker.listImages({ all: true, filters: { label: [`ws.test=${label}`] } })).length;
  const before = await count();
  await expect(make({ from: source(["RUN echo the reason is here; exit 3"]) })).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(/the reason is here/),
  });
  expect(await count()).toBe(before);
  expect(await networks()).toEqual([]);
});
