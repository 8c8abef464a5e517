import { expect, test } from "vitest";
import { stepsOf } from "../provision.ts";
import { createHarness, type Harness } from "../testing/harness.ts";

const clone = "https://forge.test/acme/next.js.git";
const FILE = ".devcontainer/devcontainer.json";
const at = (name: string): string => `/home/workspace/.ws/scripts/${name}`;

/** A worker that can look into the repository, which has these files. */
function harness(files: Record<string, unknown>): Harness {
  const h = createHarness();
  h.git.prepareAfter(async () => undefined);
  h.git.holds(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, typeof text === "string" ? text : JSON.stringify(text)]),
    ),
  );
  h.programs["sh"] = ({ argv }) => ({ stdout: argv.slice(4).join("\n") });
  return h;
}

test("a workspace follows the file: its image, its variables below all others, its ports and its commands", async () => {
  await using h = harness({
    [FILE]: {
      build: { dockerfile: "Dockerfile", args: { A: "1" } },
      remoteUser: "node",
      containerEnv: { FROM_SETUP: "theirs", FROM_USER: "theirs", ROOT: "${containerWorkspaceFolder}/x" },
      forwardPorts: [3000],
      postCreateCommand: "make",
      postStartCommand: "serve",
    },
    ".devcontainer/Dockerfile": "ARG A\nFROM debian:$A\n",
  });
  const ran: string[] = [];
  h.programs["script"] = ({ argv }) => {
    ran.push(argv[0].split("/").at(-1) ?? "");
    return {};
  };
  const made = await h.workspaces.create({ name: "demo", clone, devcontainer: "strict", env: { FROM_USER: "mine" } });
  expect(made).toMatchObject({ image: "fake-image:1", ports: [{ port: 3000, label: "port-3000" }] });
  expect(made.startup.map(({ id }) => id)).toEqual(stepsOf("strict"));
  expect(h.runtime.recipes).toMatchObject([
    {
      user: "node",
      from: { tree: "tree of .devcontainer", dockerfile: { path: "Dockerfile" }, bases: ["debian:1"], network: true },
    },
  ]);
  const process = await h.workspaces.run("demo", ["env"]);
  const [text = new Uint8Array()] = await Array.fromAsync(process.stdout);
  expect(JSON.parse(new TextDecoder().decode(text))).toMatchObject({
    FROM_SETUP: "1",
    FROM_USER: "mine",
    ROOT: `${made.directory}/x`,
  });

  await h.workspaces.restart("demo");
  expect(ran).toEqual(["postCreateCommand", "postStartCommand", "postStartCommand"]);
  expect(await h.workspaces.runScripts("demo", { script: "postCreateCommand" })).toEqual([
    { script: "postCreateCommand", exitCode: 0 },
  ]);
  expect(ran.at(-1)).toBe("postCreateCommand");
});

test("what asks for privilege is refused with the line that asked, and nothing of the workspace stays", async () => {
  await using h = harness({ [FILE]: '{\n  "image": "debian",\n  "runArgs": ["--privileged"]\n}' });
  const refused = { code: "devcontainer_refused", data: { file: FILE, line: 3, property: "runArgs" } };
  await expect(h.workspaces.create({ name: "demo", clone, devcontainer: "strict" })).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining("Line 3, runArgs: "),
    next: expect.stringContaining("ws start demo --devcontainer=lenient"),
  });
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "error", failure: { step: "devcontainer" } });
  expect(await h.runtime.list()).toEqual([]);

  // The same again, without what it asked for.
  const again = await h.workspaces.start("demo", { devcontainer: "lenient" });
  expect(again).toMatchObject({ phase: "ready", image: "debian" });
  expect(again.startup.find(({ id }) => id === "devcontainer")?.message).toMatch(
    /^Line 3, runArgs: .* It was left out\.$/,
  );
});

test("a failed create that is repeated with its repository, or another, and without the file that was refused follows none", async () => {
  await using h = harness({});
  for (const [name, again] of [
    ["same", clone],
    ["other", "https://forge.test/acme/other"],
  ] as const) {
    await expect(h.workspaces.create({ name, clone, devcontainer: "strict" })).rejects.toMatchObject({
      code: "devcontainer_refused",
      next: expect.stringContaining("again with --clone and leave --devcontainer out"),
    });
    // Without its repository it is tried as before.
    await expect(h.workspaces.start(name)).rejects.toMatchObject({ code: "devcontainer_refused" });
    const made = await h.workspaces.start(name, { clone: again });
    expect([made.phase, made.devcontainer]).toEqual(["ready", undefined]);
    expect(made.startup.map(({ id }) => id)).not.toContain("devcontainer");
  }
});

test("what the worker's setting chose holds where a failed create is repeated with another repository", async () => {
  await using h = harness({ [FILE]: { runArgs: ["--privileged"] } });
  const failing = h.workspaces.create({ name: "demo", clone, devcontainer: "optional" });
  await expect(failing).rejects.toMatchObject({ code: "devcontainer_refused" });
  h.git.holds({ [FILE]: '{"image": "two"}' });
  expect(await h.workspaces.start("demo", { clone: "https://forge.test/acme/other" })).toMatchObject({ image: "two" });
});

test("of thousands of things that are wrong with the file a few are told, and how many more there are", async () => {
  const all = Array.from({ length: 5_000 }, () => '"runArgs": [1]').join(",\n");
  await using h = harness({ [FILE]: `{${all}, "image": "debian"}` });
  await expect(h.workspaces.create({ name: "demo", clone, devcontainer: "strict" })).rejects.toMatchObject({
    message: expect.stringMatching(/^.{100,4000}; and 4980 more\.$/s),
  });
  const again = await h.workspaces.start("demo", { devcontainer: "lenient" });
  const { message = "" } = again.startup.find(({ id }) => id === "devcontainer") ?? {};
  expect(message).toMatch(/^.{100,4000} And 4980 more\.$/s);
  expect(JSON.stringify(h.workspaces.get("demo")).length).toBeLessThan(20_000);
});

test("a create that failed forgets what it read, and reads it anew", async () => {
  await using h = harness({ [FILE]: { image: "one", forwardPorts: [1] } });
  h.runtime.intercept((method) => {
    if (method === "start") throw new Error("not today");
  });
  await expect(h.workspaces.create({ name: "demo", clone, devcontainer: "strict" })).rejects.toThrow("not today");
  const failed = h.workspaces.get("demo");
  expect([failed.image, failed.ports, failed.devcontainer]).toEqual([undefined, undefined, { mode: "strict" }]);
  h.runtime.intercept(() => undefined);
  h.git.holds({ [FILE]: '{"image": "two"}' });
  expect(await h.workspaces.start("demo")).toMatchObject({ image: "two" });
});

test("once one of its commands fails, none behind it is run, and the workspace is there all the same", async () => {
  await using h = harness({ [FILE]: { onCreateCommand: "a", postCreateCommand: "b", postStartCommand: "c" } });
  h.programs[at("onCreateCommand")] = () => ({ code: 7 });
  const made = await h.workspaces.create({ name: "demo", clone, devcontainer: "strict" });
  expect(made).toMatchObject({ phase: "ready", devcontainer: { ran: true } });
  expect(made.startup.at(-1)?.message).toBe("0 of 1 done; onCreateCommand ended with 7");
});

test("a feature that the image proves to lack is refused", async () => {
  await using h = harness({ [FILE]: '{"features": {\n"ghcr.io/devcontainers/features/go:1": {}}}' });
  h.programs["sh"] = () => ({ stdout: "" });
  await expect(h.workspaces.create({ name: "demo", clone, devcontainer: "strict" })).rejects.toMatchObject({
    code: "devcontainer_refused",
    data: { line: 2, property: "features.go" },
  });
  h.programs["sh"] = ({ argv }) => ({ stdout: argv.slice(4).join("\n") });
  expect((await h.workspaces.start("demo")).phase).toBe("ready");
});

test.each<[string, Record<string, unknown>, RegExp]>([
  [
    "there is no Dockerfile",
    { [FILE]: { build: { dockerfile: "Dockerfile" } } },
    /no file '.devcontainer\/Dockerfile'/,
  ],
  [
    "its Dockerfile lies outside of its context",
    { [FILE]: { build: { dockerfile: "../Dockerfile" } }, Dockerfile: "FROM x" },
    /outside of its context/,
  ],
  [
    "the engine itself would fetch something",
    { [FILE]: { build: { dockerfile: "D" } }, ".devcontainer/D": "FROM x\nADD http://127.0.0.1/ /x" },
    /Line 2, ADD/,
  ],
  ["it is too large", { [FILE]: " ".repeat(262_145) }, /larger than 262144 bytes/],
  ["there is none", {}, /neither .devcontainer\/devcontainer.json nor .devcontainer.json/],
])("it is refused where %s", async (_what, files, message) => {
  await using h = harness(files);
  const creating = h.workspaces.create({ name: "demo", clone, devcontainer: "lenient" });
  await expect(creating).rejects.toMatchObject({
    code: "devcontainer_refused",
    message: expect.stringMatching(message),
  });
  expect(h.runtime.recipes).toEqual([]);
});

test("where nobody asked for it by name, a repository without one is as any other", async () => {
  await using h = harness({});
  const made = await h.workspaces.create({ name: "demo", clone, devcontainer: "optional" });
  expect([made.phase, made.devcontainer, made.image]).toEqual(["ready", undefined, undefined]);
  expect(made.startup.find(({ id }) => id === "devcontainer")).toMatchObject({
    status: "done",
    message: "It has none",
  });
  const other = await h.workspaces.create({ name: "other", devcontainer: "optional" });
  expect(other.startup.map(({ id }) => id)).not.toContain("devcontainer");
});

test("what it cannot be asked with is said before anything is made", async () => {
  await using h = harness({ [FILE]: {} });
  for (const asked of [{}, { clone, image: "x" }, { clone, docker: true as const }]) {
    h.allowed.docker = true;
    await expect(h.workspaces.create({ name: "demo", devcontainer: "strict", ...asked })).rejects.toMatchObject({
      code: "invalid_input",
      data: { field: "devcontainer" },
    });
  }
  await using blind = createHarness();
  const unseen = blind.workspaces.create({ name: "demo", clone, devcontainer: "strict" });
  await expect(unseen).rejects.toMatchObject({
    code: "devcontainer_refused",
    message: expect.stringContaining("could not be read"),
  });
});
