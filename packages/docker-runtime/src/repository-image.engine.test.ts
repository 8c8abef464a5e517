import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { DockerfileSource, ImageRecipe, Progress } from "@ws/workspace-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { contextTar, textFile } from "./image-context.ts";
import { createSubject, docker, execute, newSpec, type Subject } from "./testing/subject.ts";

const label = crypto.randomUUID();
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
    signal: new AbortController().signal,
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
      signal: new AbortController().signal,
    };
    await subject.runtime.image?.({ from: source([`RUN ${ask}`]) }, options);
    // It has a network, and it is gone with the build.
    expect(told.map(({ message }) => message).join("\n")).toMatch(/default via/);
    const left = await docker.listNetworks({ filters: { label: [`ws.workspace=${options.id}`] } });
    expect(left).toEqual([]);
  } finally {
    server.close();
  }
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

test("a build that fails says its last lines and leaves neither an image nor a network", async () => {
  const count = async (): Promise<number> =>
    (await docker.listImages({ all: true, filters: { label: [`ws.test=${label}`] } })).length;
  const before = await count();
  await expect(make({ from: source(["RUN echo the reason is here; exit 3"]) })).rejects.toMatchObject({
    code: "image_build_failed",
    message: expect.stringMatching(/the reason is here/),
  });
  expect(await count()).toBe(before);
  const networks = await docker.listNetworks({
    filters: { label: [`ws.instance=${subject.instance}`, "ws.workspace"] },
  });
  expect(networks).toEqual([]);
});
