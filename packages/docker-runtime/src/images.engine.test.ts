import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Progress } from "@ws/workspace-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { ensureBase } from "./base-image.ts";
import { createEngine } from "./engine.ts";
import { thisMachine } from "./machine.ts";
import {
  address,
  createSubject,
  docker,
  execute,
  imageDirectory,
  newSpec,
  silent,
  type Subject,
  systemClock,
} from "./testing/subject.ts";

/** The tag of what the folder describes, where it was built. */
async function builtTags(label: string): Promise<string[]> {
  const images = await docker.listImages({ filters: { label: [`ws.test=${label}`] } });
  return images.flatMap(({ RepoTags: tags }) => tags ?? []).filter((tag) => tag !== "<none>:<none>");
}

describe("the image of workspaces", () => {
  let directory: string;
  let label: string;
  const subjects: Subject[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "ws-image-"));
    label = crypto.randomUUID();
    await mkdir(join(directory, "workspace"));
    await mkdir(join(directory, "base"));
    await writeFile(join(directory, "base", "build-base.sh"), "exit 1\n");
  });
  afterEach(async () => {
    for (const subject of subjects.splice(0)) await subject[Symbol.asyncDispose]();
    const left = await docker.listImages({ all: true, filters: { label: [`ws.test=${label}`] } });
    for (const { Id: id } of left)
      await docker
        .getImage(id)
        .remove({ force: true })
        .catch(() => undefined);
    await rm(directory, { recursive: true });
  });

  /** Lines after `FROM` and a label of this test. */
  const describeImage = (...lines: string[]): Promise<void> => {
    const head = ["ARG BASE=debian:bookworm-slim", "FROM ${BASE}", `LABEL ws.test=${label}`];
    return writeFile(join(directory, "workspace", "Dockerfile"), [...head, ...lines, ""].join("\n"));
  };
  const subject = (): Subject => {
    const made = createSubject({ imageDirectory: directory });
    subjects.push(made);
    return made;
  };
  const prepare = async ({ runtime }: Subject, image?: string): Promise<Progress[]> => {
    const told: Progress[] = [];
    await runtime.prepare({ report: (progress) => void told.push(progress), ...(image !== undefined && { image }) });
    return told;
  };
  const dangling = async (): Promise<number> => {
    const filters = { label: [`ws.test=${label}`], dangling: ["true"] };
    return (await docker.listImages({ filters })).length;
  };

  test("is built once with its steps told, and then found by every agent of this version", async () => {
    await describeImage("RUN echo working", 'CMD ["sleep", "infinity"]');
    const first = await prepare(subject());
    expect(first[0]).toMatchObject({ message: expect.stringMatching(/^Step 1\/5: /), percent: 0 });
    expect(first).toContainEqual({ message: "Step 4/5: working", percent: 60 });
    expect(first.at(-1)?.percent).toBe(100);
    const [tag] = await builtTags(label);
    expect(tag).toMatch(/^ws-workspace:[0-9a-f]{12}$/);
    expect(await prepare(subject())).toEqual([]);
    await describeImage("RUN echo changed");
    await prepare(subject());
    expect(await builtTags(label)).toHaveLength(2);
  });

  test("is built once for all who ask at the same time", async () => {
    await describeImage("RUN sleep 1; head -c 16 /dev/urandom >/random");
    const one = subject();
    const told = await Promise.all([prepare(one), prepare(one), prepare(one)]);
    for (const progress of told) expect(progress.at(-1)?.percent).toBe(100);
    expect(await builtTags(label)).toHaveLength(1);
    expect(await dangling()).toBe(0);
  });

  test("that cannot be built fails with what the failing step printed, and leaves nothing behind", async () => {
    await describeImage("RUN echo first", "RUN echo the reason is here; exit 3");
    const one = subject();
    await expect(prepare(one)).rejects.toMatchObject({
      code: "image_build_failed",
      message: expect.stringMatching(/exit 3[^]*the reason is here/),
      next: expect.any(String),
    });
    const left = await docker.listImages({ all: true, filters: { label: [`ws.test=${label}`] } });
    expect(left).toEqual([]);
    expect(await docker.listContainers({ all: true, filters: { label: [`ws.test=${label}`] } })).toEqual([]);
    await describeImage("RUN echo repaired");
    await prepare(subject());
    expect(await builtTags(label)).toHaveLength(1);
  });

  test("leaves no stage behind that only lent files", async () => {
    const stage = ["FROM ${BASE}", `LABEL ws.test=${label}`, "COPY --from=0 /made /made"];
    await describeImage("RUN echo made >/made", ...stage);
    await prepare(subject());
    expect(await builtTags(label)).toHaveLength(1);
    expect(await dangling()).toBe(0);
  });

  test("stops being built when nobody waits for it any more", async () => {
    await describeImage("RUN sleep 300");
    const leaving = new AbortController();
    const { runtime } = subject();
    const built = runtime.prepare({
      signal: leaving.signal,
      report: ({ message }) => void (message.startsWith("Step 4/4") && leaving.abort()),
    });
    await expect(built).rejects.toThrow("aborted");
    // The engine takes the step's container away in its own time.
    await expect
      .poll(() => docker.listContainers({ all: true, filters: { label: [`ws.test=${label}`] } }), { timeout: 30_000 })
      .toEqual([]);
    expect(await builtTags(label)).toEqual([]);
  });

  test("may be another one: one that exists is taken as it is, with its own user's home", async () => {
    await describeImage("RUN useradd --create-home --uid 4711 somebody", "USER somebody");
    const one = subject();
    await prepare(one);
    const [image] = await builtTags(label);
    if (image === undefined) throw new Error("nothing was built");
    expect(await prepare(one, image)).toEqual([]);
    const spec = newSpec({ image });
    await one.runtime.create(spec);
    await one.runtime.start(spec);
    const write = 'echo kept >"$HOME/file"; id -un';
    expect(await execute(one, spec.id, ["sh", "-c", write])).toMatchObject({ code: 0, stdout: "somebody\n" });
    await one.runtime.abandon(spec.id);
    await one.runtime.create(spec);
    await one.runtime.start(spec);
    expect((await execute(one, spec.id, ["cat", "/home/somebody/file"])).stdout).toBe("kept\n");
  });

  test.each(["no-such-image-anywhere:1", "../containers/json", "UPPER CASE", "a?b=c", `${"a-".repeat(40)}!`])(
    "may be another one: '%s' is not found, with the way out",
    async (image) => {
      await expect(prepare(subject(), image)).rejects.toMatchObject({
        code: "image_not_found",
        data: { image },
        next: expect.stringContaining("docker pull"),
      });
    },
  );

  test("that has no usual programs is refused with the reason when it is started", async () => {
    await describeImage("RUN rm /bin/sleep");
    const one = subject();
    await prepare(one);
    const [image = ""] = await builtTags(label);
    const spec = newSpec({ image });
    await one.runtime.create(spec);
    await expect(one.runtime.start(spec)).rejects.toMatchObject({ code: "invalid_input", data: { field: "image" } });
  });

  test("has a description, without which the installation is named", async () => {
    const broken = createSubject({ imageDirectory: "/nonexistent" });
    subjects.push(broken);
    await expect(prepare(broken)).rejects.toMatchObject({ code: "image_build_failed" });
  });
});

test("the worker's own image has the packages that are asked for, for whoever runs there, and nothing of how they came", async () => {
  await using one = createSubject({ settings: { preinstall: ["semver@7.7.2", "semver@7.7.2"] } });
  const told: string[] = [];
  await one.runtime.prepare({ report: ({ message }) => void told.push(message) });
  const spec = newSpec();
  const { handle } = await one.runtime.create(spec);
  const { Config: made } = await docker.getContainer(handle).inspect();
  try {
    expect(made.Image).toMatch(/^ws-workspace-agents:[0-9a-f]{12}$/);
    expect(made.User).toBe("workspace");
    await one.runtime.start(spec);
    const look = "semver 1.2.3; stat -c %U $(command -v semver); ls -a /root /tmp";
    const said = await execute(one, spec.id, ["sudo", "sh", "-c", look]);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1\.2\.3\nroot\n/) });
    expect(said.stdout).not.toMatch(/\.npm|authorities/);
    // The next agent finds it.
    await using other = createSubject({ settings: { preinstall: ["semver@7.7.2"] } });
    await other.runtime.prepare({ report: ({ message }) => expect.unreachable(message) });
  } finally {
    await one.runtime.remove(spec.id);
    await docker.getImage(made.Image).remove({ force: true });
  }
});

test("what installs the packages that are asked for reaches nothing of the worker's", async () => {
  const server = createServer((_request, response) => response.end("reached"));
  server.listen(0, "0.0.0.0");
  await new Promise((resolve) => server.once("listening", resolve));
  const directory = await mkdtemp(join(tmpdir(), "ws-image-"));
  try {
    const { port } = server.address() as AddressInfo;
    // The recipe of the real image, with what a package's own script could do in the place of npm.
    await using plain = createSubject();
    const base = await standardOf(plain);
    await cp(join(imageDirectory, "workspace"), join(directory, "workspace"), { recursive: true });
    await cp(join(imageDirectory, "base"), join(directory, "base"), { recursive: true });
    await mkdir(join(directory, "agents"));
    const ask = `ip route | grep default && for one in $(ip route | awk '/default/ {print $3}') 172.17.0.1; do ! curl -sS -m 5 http://$one:${port}/ | grep reached || exit 1; done`;
    await writeFile(join(directory, "agents", "Dockerfile"), `FROM ${base}\nARG PACKAGES\nRUN ${ask}\n`);
    await using one = createSubject({ imageDirectory: directory, settings: { preinstall: [crypto.randomUUID()] } });
    const image = await standardOf(one);
    expect(image).toMatch(/^ws-workspace-agents:/);
    await docker.getImage(image).remove({ force: true });
    const left = await docker.listNetworks({ filters: { label: [`ws.instance=${one.instance}`, "ws.workspace"] } });
    expect(left).toEqual([]);
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
});

/** What its workspaces run on. */
async function standardOf({ runtime }: Subject): Promise<string> {
  await runtime.prepare({ report: () => undefined });
  const spec = newSpec();
  const { handle } = await runtime.create(spec);
  const { Config: made } = await docker.getContainer(handle).inspect();
  await runtime.remove(spec.id);
  return made.Image;
}

describe("the base of the image", () => {
  const script = async (content: string): Promise<AsyncDisposable & { path: string }> => {
    const directory = await mkdtemp(join(tmpdir(), "ws-base-"));
    const path = join(directory, "build-base.sh");
    await writeFile(path, content);
    return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
  };
  const base = async (path: string, names: { published: string; local: string }): Promise<[string, string[]]> => {
    const told: string[] = [];
    const engine = createEngine({ address, clock: systemClock });
    const image = await ensureBase({
      engine,
      machine: thisMachine(),
      clock: systemClock,
      log: silent,
      script: path,
      environment: { PATH: process.env["PATH"] ?? "" },
      report: ({ message }) => void told.push(message),
      signal: new AbortController().signal,
      names,
    });
    return [image, told];
  };
  const newNames = (): { published: string; local: string } => {
    const random = crypto.randomUUID();
    return { published: `ws-test-published-${random}:1`, local: `ws-test-base-${random}:1` };
  };

  test("is made on this machine where no registry has it, and found the next time", async () => {
    await using made = await script(
      "echo unpacking >&2\ntar -C /usr/lib/os-probes -cf - . 2>/dev/null || tar -cf - -T /dev/null\n",
    );
    const names = newNames();
    const [image, told] = await base(made.path, names);
    expect(image).toBe(names.local);
    expect(told).toContain("Making the Debian base: unpacking");
    const [again, silence] = await base(made.path, names);
    expect([again, silence]).toEqual([names.local, []]);
    await docker.getImage(names.local).remove();
  });

  test("that cannot be made fails with the script's own words and the commands to type", async () => {
    await using made = await script("head -c 200000 /dev/zero\necho 'debootstrap is missing.' >&2\nexit 1\n");
    const names = newNames();
    await expect(base(made.path, names)).rejects.toMatchObject({
      code: "image_build_failed",
      message: expect.stringContaining("debootstrap is missing."),
      next: expect.stringContaining("apt-get install debootstrap"),
    });
    // A tar that was cut short must not become an image.
    expect(await docker.listImages({ filters: { reference: [names.local] } })).toEqual([]);
  });
});
