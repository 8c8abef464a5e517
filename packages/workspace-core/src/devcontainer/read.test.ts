import fc from "fast-check";
import { expect, test } from "vitest";
import type { DevcontainerReading } from "./plan.ts";
import { readDevcontainer } from "./read.ts";

const at = ".devcontainer/devcontainer.json";
const read = (value: unknown): DevcontainerReading => readDevcontainer(JSON.stringify(value, undefined, 2), at);

test("a file with comments and trailing commas is read, and is followed in all that means something here", () => {
  const { plan, refused, warnings } = readDevcontainer(
    `// For everybody
    {
      "name": "web", /* nobody's */ "$schema": "x", "customizations": { "vscode": { "extensions": ["a.b"] } },
      "build": { "dockerfile": "Dockerfile", "context": "..", "args": { "VERSION": "3" }, "target": "dev", "cacheFrom": "x" },
      "remoteEnv": { "LEVEL": "remote" },
      "containerEnv": { "LEVEL": "container", "ROOT": "\${containerWorkspaceFolder}" },
      "features": { "ghcr.io/devcontainers/features/node:1": {}, "ghcr.io/devcontainers/features/git": {} },
      "portsAttributes": { "3000": { "label": "My Web!" }, "9": { "label": "nothing" } },
      "forwardPorts": [5432, "3000", 3000],
      "postStartCommand": ["npm", "start"],
      "postCreateCommand": { "server side": "make && echo $HOME", "client": ["echo", "it's"] },
      "onCreateCommand": "true", "updateContentCommand": "",
      "remoteUser": "node", "containerUser": "root",
      "runArgs": [], "privileged": false, "mounts": [],
    }`,
    at,
  );
  expect(refused).toEqual([]);
  expect(warnings).toEqual([]);
  expect(plan).toEqual({
    path: at,
    build: { dockerfile: ".devcontainer/Dockerfile", context: "", args: { VERSION: "3" }, target: "dev", line: 4 },
    user: "node",
    env: { LEVEL: "remote", ROOT: "${containerWorkspaceFolder}" },
    ports: [
      { port: 3000, label: "my-web" },
      { port: 5432, label: "port-5432" },
    ],
    created: [
      { name: "onCreateCommand", command: "true" },
      { name: "postCreateCommand.server-side", command: "make && echo $HOME" },
      { name: "postCreateCommand.client", command: ["echo", "it's"] },
    ],
    started: [{ name: "postStartCommand", command: ["npm", "start"] }],
    features: [
      { feature: "node", program: "node", line: 7 },
      { feature: "git", program: "git", line: 7 },
    ],
  });
});

test.each<[string, unknown]>([
  ["runArgs", ["--privileged"]],
  ["runArgs", "--privileged"],
  ["mounts", ["source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"]],
  ["workspaceMount", "source=/,target=/host,type=bind"],
  ["privileged", true],
  ["privileged", "true"],
  ["capAdd", ["SYS_ADMIN"]],
  ["securityOpt", ["seccomp=unconfined"]],
  ["initializeCommand", "touch CANARY"],
  ["initializeCommand", ["touch", "CANARY"]],
  ["initializeCommand", { one: "touch CANARY" }],
  ["dockerComposeFile", "compose.yml"],
  ["appPort", 3000],
])("%s as %j is refused with the line that asks for it", (property, value) => {
  const { plan, refused } = read({ image: "debian", [property]: value });
  expect(refused).toEqual([{ line: 3, property, reason: expect.any(String) }]);
  expect(JSON.stringify(plan)).not.toContain("CANARY");
});

test.each<[string, string, unknown]>([
  ["containerEnv.TOKEN", "containerEnv", { TOKEN: "${localEnv:TOKEN}" }],
  ["remoteEnv.TOKEN", "remoteEnv", { TOKEN: "x${env:TOKEN}" }],
  ["remoteEnv.PATH", "remoteEnv", { PATH: "${containerEnv:PATH}:/x" }],
  ["containerEnv.A=B", "containerEnv", { "A=B": "1" }],
  ["containerEnv.N", "containerEnv", { N: 1 }],
  ["containerEnv", "containerEnv", "N=1"],
  ["postCreateCommand", "postCreateCommand", "cat ${localWorkspaceFolder}/secret"],
  ["postCreateCommand", "postCreateCommand", ["cat", "${localEnv:HOME}"]],
  ["postCreateCommand.a", "postCreateCommand", { a: "echo ${localEnv:HOME}" }],
  ["postCreateCommand", "postCreateCommand", 1],
  ["postStartCommand", "postStartCommand", ["a", 1]],
  ["postStartCommand", "postStartCommand", { a: { b: "c" } }],
  ["build", "build", "."],
  ["build.options", "build", { options: ["--network=host"] }],
  ["build.dockerfile", "build", { dockerfile: "../../etc/Dockerfile" }],
  ["build.dockerfile", "build", { dockerfile: "/etc/Dockerfile" }],
  ["build.context", "build", { context: "../.." }],
  ["build.context", "build", { context: "../.git" }],
  ["build.context", "build", { context: "..\\.." }],
  ["build.args.A", "build", { args: { A: "${localEnv:SECRET}" } }],
  ["build.target", "build", { target: "a b" }],
  ["dockerFile", "dockerFile", "../../Dockerfile"],
  ["image", "image", "a b"],
  ["image", "image", "169.254.169.254/latest"],
  ["image", "image", "0x7f000001:7391/x"],
  ["image", "image", "localhost:5000/x"],
  ["image", "image", "-x"],
  ["image", "image", "${localEnv:IMAGE}"],
  ["remoteUser", "remoteUser", "root\nRUN evil"],
  ["remoteUser", "remoteUser", "root:docker"],
  ["forwardPorts", "forwardPorts", ["db:5432"]],
  ["forwardPorts", "forwardPorts", [0]],
  ["forwardPorts", "forwardPorts", 3000],
  [
    "features.ghcr.io/devcontainers/features/docker-in-docker:2",
    "features",
    { "ghcr.io/devcontainers/features/docker-in-docker:2": {} },
  ],
  ["features.ghcr.io/evil/features/node:1", "features", { "ghcr.io/evil/features/node:1": {} }],
  ["features../local", "features", { "./local": {} }],
])("%s is refused where its value is not one for here", (property, name, value) => {
  const { refused } = read({ [name]: value });
  expect(refused).toContainEqual({ line: expect.any(Number), property, reason: expect.any(String) });
});

test.each(["debian", "org/image:1", "ghcr.io/org/image@sha256:00", "registry:5000/x", "r.xn--p1ai/x"])(
  "the image %s is taken",
  (image) => {
    expect(read({ image })).toMatchObject({ plan: { image }, refused: [] });
  },
);

test("what stands in the file twice is judged twice", () => {
  const { refused } = readDevcontainer('{ "runArgs": ["--privileged"],\n "runArgs": [] }', at);
  expect(refused).toMatchObject([{ line: 1, property: "runArgs" }]);
});

test.each<[string, string, unknown]>([
  ["containerEnv.A", "containerEnv", { A: "x".repeat(32_769) }],
  ["containerEnv.A", "containerEnv", { A: "\u20ac".repeat(11_000) }],
  ["containerEnv.A", "containerEnv", { A: "a\0b" }],
  ["build.args.A", "build", { args: { A: "a\0b" } }],
  ["postCreateCommand", "postCreateCommand", "a\0b"],
  ["postStartCommand", "postStartCommand", ["a", "b\0"]],
  ["remoteEnv", "remoteEnv", Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`V${index}`, ""]))],
  [
    "postCreateCommand",
    "postCreateCommand",
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [index, "true"])),
  ],
  [
    "features",
    "features",
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`ghcr.io/devcontainers/features/git:${index}`, {}])),
  ],
])("%s is refused where it is more than a workspace can be given", (property, name, value) => {
  const { plan, refused } = read({ [name]: value });
  expect(refused).toEqual([{ line: expect.any(Number), property, reason: expect.any(String) }]);
  expect(JSON.stringify(plan).length).toBeLessThan(20_000);
});

test("the name of a command is quoted no longer than any other text", () => {
  const { refused } = read({ postCreateCommand: { ["x".repeat(100_000)]: "${localEnv:A}" } });
  expect(refused[0]?.property.length).toBeLessThan(120);
});

test("what is left out without harm is said with its line", () => {
  const { refused, warnings } = read({ image: "debian", postAttachCommand: "x", hostRequirements: {}, made_up: 1 });
  expect(refused).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/^Line 3: 'postAttachCommand' .*postStartCommand/),
    expect.stringMatching(/^Line 4: 'hostRequirements' /),
    "Line 5: 'made_up' is not known and is left out.",
  ]);
});

test.each([
  ['{\n "image": "a"\n "b": 1 }', 3],
  ['{\n "image": ', 2],
  ["", 1],
  ["[]", 1],
  ["[".repeat(200_000), 1],
])("%.20s is no such file, and says where", (text, line) => {
  expect(() => readDevcontainer(text, at)).toThrow(
    expect.objectContaining({
      code: "devcontainer_refused",
      data: { file: at, line: expect.toSatisfy((found: number) => found >= line), property: "" },
    }),
  );
});

test("no file at all leads to anything but a plan, a refusal or a typed error", () => {
  const names = fc.constantFrom(
    "image",
    "build",
    "features",
    "containerEnv",
    "forwardPorts",
    "portsAttributes",
    "postCreateCommand",
    "remoteUser",
    "dockerFile",
    "runArgs",
    "__proto__",
    "constructor",
    "toString",
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (value) => {
      const { plan, refused } = read(value);
      expect(plan.path).toBe(at);
      for (const { line, property } of refused) expect([line > 0, property !== ""]).toEqual([true, true]);
    }),
  );
});
