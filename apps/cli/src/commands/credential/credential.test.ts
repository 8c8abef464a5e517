import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { Command } from "commander";
import type { CredentialInfo, CredentialInput } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { createContext } from "../../context.ts";
import { createFakeIo } from "../../testing/fake-io.ts";
import { registerLogin } from "../login.ts";
import { registerCredential } from "./index.ts";

const secret = randomBytes(20).toString("hex");
const work: CredentialInfo = {
  name: "work",
  type: "pat",
  host: "github.com",
  source: "ws credential set",
  last4: "beef",
  usedBy: ["demo"],
};
const grant = {
  id: "grant-1",
  workspace: "demo",
  repo: "https://github.com/org/repo",
  access: "write" as const,
  branches: ["parallax/ws-1/person/demo"],
  force: false,
  tags: true,
  workflows: false,
  credential: { name: "work", type: "pat" as const, host: "github.com" },
  created: "2026-01-01T00:00:00.000Z",
  expires: "2026-01-01T01:00:00.000Z",
  renews: true,
};

const PRESETS = [
  {
    name: "codex",
    tool: "Codex",
    variables: ["CODEX_API_KEY", "OPENAI_API_KEY"],
    hint: "Make a key.",
    login: { path: "~/.codex/auth.json", rotates: true },
  },
];

function setup({
  input = "",
  known = [work],
  kind = "socket",
}: { input?: string | (Readable & { isTTY?: boolean }); known?: CredentialInfo[]; kind?: "socket" | "http" } = {}) {
  const asked: unknown[] = [];
  const stdin = typeof input === "string" ? Readable.from([Buffer.from(input)]) : input;
  const io = { ...createFakeIo(), stdin, cwd: "/here" };
  const note =
    <T>(answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      asked.push(args[0]);
      return answer;
    };
  const client = {
    credentials: {
      list: async () => known,
      presets: async () => PRESETS,
      set: async (given: CredentialInput) => {
        asked.push(given);
        return { ...work, name: given.name, checked: true, login: "ada" };
      },
      test: note({
        name: "github-app",
        checked: true,
        message: "github.com takes it.",
        scopes: ["repo", "workflow"],
        installations: [
          { account: "org", repositories: "all", permissions: { contents: "write" }, suspended: false },
          { account: "lab", repositories: "selected", permissions: {}, suspended: true },
        ],
      }),
      remove: note(work),
      grant: note(grant),
      revoke: note([grant]),
      status: note({ credentials: known, grants: [grant] }),
      login: async () =>
        (async function* () {
          yield {
            type: "code",
            userCode: "ABCD-1234",
            verificationUri: "https://github.com/login/device",
            expires: "",
          };
          yield { type: "done", name: "github", host: "github.com", login: "ada" };
        })(),
    },
  };
  const context = { ...createContext(io), connect: async () => ({ client, target: { kind } }) as never };
  const program = new Command()
    .option("--yes")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  registerCredential(program, context);
  registerLogin(program, context);
  const run = async (...argv: string[]) => void (await program.parseAsync(argv, { from: "user" }));
  return { io, asked, run, said: () => io.out() + io.err() };
}

test.each([
  [["work"], { name: "work", type: "pat", value: secret }],
  [["lab", "--host", "git.test"], { name: "lab", type: "pat", host: "git.test", value: secret }],
  [["OPENAI_API_KEY"], { name: "OPENAI_API_KEY", type: "env", value: secret }],
  [["github-app", "--app-id", "7"], { name: "github-app", type: "github_app", appId: "7", value: secret }],
  [["deploy", "--type", "ssh-key"], { name: "deploy", type: "ssh_key", value: secret }],
  [
    ["deploy", "--type", "ssh-key", "--host-key", "SHA256:a", "--host-key", "SHA256:b"],
    { name: "deploy", type: "ssh_key", value: secret, hostKeys: ["SHA256:a", "SHA256:b"] },
  ],
  [["~/.gitconfig"], { name: "~/.gitconfig", type: "file", value: "~/.gitconfig" }],
  [["~/a", "--path", "/srv/a"], { name: "~/a", type: "file", value: "/srv/a" }],
  [["~/a", "--path", "a"], { name: "~/a", type: "file", value: "/here/a" }],
  [["~/a", "--path", "~/b"], { name: "~/a", type: "file", value: "~/b" }],
  [[".npmrc"], { name: ".npmrc", type: "file", value: "~/.npmrc" }],
  [["env.lower.case"], { name: "lower.case", type: "env", value: secret }],
  [["credentials.env.KEY"], { name: "KEY", type: "env", value: secret }],
  [["files.~/.ssh/id"], { name: "~/.ssh/id", type: "file", value: "~/.ssh/id" }],
  [["files.~/a.b=c=d"], { name: "~/a.b", type: "file", value: "/here/c=d" }],
  [["codex"], { name: "CODEX_API_KEY", type: "env", value: secret }],
  [["codex", "--variable", "OPENAI_API_KEY"], { name: "OPENAI_API_KEY", type: "env", value: secret }],
  [["codex", "--type", "token"], { name: "codex", type: "pat", value: secret }],
  [["codex", "--host", "git.test"], { name: "codex", type: "pat", host: "git.test", value: secret }],
])("credential set %j reads the secret from standard input and shows none (argv in /proc)", async (argv, wire) => {
  const { asked, run, said } = setup({ input: `${secret}\r\n` });
  await run("credential", "set", ...argv);
  expect(asked).toEqual([wire]);
  expect(said()).not.toContain(secret);
});

test("a secret that is written behind the name of its variable is refused, and told how to be given", async () => {
  const { run, asked } = setup();
  await expect(run("credential", "set", `env.KEY=${secret}`)).rejects.toMatchObject({
    code: "usage",
    next: "Give it on standard input, or be asked for it: ws credential set env.KEY.",
  });
  expect(asked).toEqual([]);
});

test("a login that rotates is copied only after a warning that somebody has confirmed", async () => {
  const doubtful = setup();
  await expect(doubtful.run("credential", "set", "codex", "--copy-login")).rejects.toMatchObject({
    code: "confirmation_needed",
  });
  expect(doubtful.io.err()).toContain("each renewal ends the one before");
  expect(doubtful.asked).toEqual([]);
  const sure = setup();
  await sure.run("--yes", "credential", "set", "codex", "--copy-login");
  const login = "~/.codex/auth.json";
  expect(sure.asked).toEqual([{ name: login, type: "file", value: login, copyLogin: true }]);
  await expect(sure.run("credential", "set", "work", "--copy-login")).rejects.toMatchObject({ code: "usage" });
});

test("what is set tells where it lies and who gets it", async () => {
  const variable = setup({ input: secret });
  await variable.run("credential", "set", "env.KEY");
  expect(variable.io.err()).toContain("secrets.json of the worker");
  const file = setup();
  await file.run("credential", "set", "files.~/.npmrc");
  expect(file.io.err()).toContain("a copy of the worker's ~/.npmrc, those that run as well");
});

test("a relative path means nothing on another machine", async () => {
  const { run, asked } = setup({ kind: "http" });
  await expect(run("credential", "set", "~/a", "--path", "a")).rejects.toMatchObject({ code: "usage" });
  await run("credential", "set", "~/a", "--path", "/srv/a");
  expect(asked).toEqual([{ name: "~/a", type: "file", value: "/srv/a" }]);
});

test("a secret cannot be an argument, and an empty input is none", async () => {
  const { run, asked } = setup({ input: "\n" });
  await expect(run("credential", "set", "work", secret)).rejects.toMatchObject({ code: "commander.excessArguments" });
  await expect(run("credential", "set", "work")).rejects.toMatchObject({ code: "usage" });
  await expect(run("credential", "set", "work", "--path", "/x")).rejects.toMatchObject({ code: "usage" });
  expect(asked).toEqual([]);
});

test("at a terminal the secret is typed unseen", async () => {
  const input: Readable & { isTTY?: boolean } = Object.assign(new PassThrough(), { isTTY: true });
  const { run, asked, io } = setup({ input });
  const done = run("credential", "set", "work");
  await expect.poll(() => io.err()).toContain("token: ");
  input.push(`${secret}\n`);
  await done;
  expect(asked).toEqual([{ name: "work", type: "pat", value: secret }]);
  expect(io.err() + io.out()).not.toContain(secret);
});

test("what is kept already can be exposed without being given again", async () => {
  const known = [{ ...work, name: "GITHUB_TOKEN", type: "env" as const }];
  const { run, asked, said } = setup({ known });
  await run("credential", "set", "GITHUB_TOKEN", "--expose");
  expect(asked).toEqual([{ name: "GITHUB_TOKEN", type: "env", expose: true }]);
  expect(said()).toContain("can read it now");
});

test("status shows where each is from, until when it is good and who uses it", async () => {
  const { run, io, asked } = setup({ known: [{ ...work, problem: "It has expired." }] });
  await run("credential", "status", "demo");
  expect(asked).toEqual([{ name: "demo" }]);
  const lines = io.out().split("\n");
  expect(lines[1]).toMatch(/^work +pat +github\.com +ws credential set +…beef +- +demo$/);
  expect(lines.find((line) => line.startsWith("demo"))).toMatch(
    /push,tags +parallax\/ws-1\/person\/demo +work +the workspace ends$/,
  );
  expect(io.err()).toBe("work: It has expired.\n");
});

test("a test says what the forge told, line by line", async () => {
  const { io, asked, run } = setup();
  await run("credential", "test", "github-app");
  expect(asked).toEqual([{ name: "github-app" }]);
  expect(io.out().trim().split("\n")).toEqual([
    "github.com takes it.",
    "It may: repo, workflow.",
    "org: all repositories: contents write",
    "lab: suspended",
  ]);
});

test("a grant says what it is for, and a revocation what has ended", async () => {
  const { run, io, asked } = setup();
  await run(
    "credential",
    "grant",
    "demo",
    "https://github.com/org/repo",
    "--read",
    "--ttl",
    "30m",
    "--branch",
    "a",
    "--branch",
    "b",
  );
  expect(asked).toEqual([
    { name: "demo", repo: "https://github.com/org/repo", access: "read", branches: ["a", "b"], ttlSeconds: 1_800 },
  ]);
  await run("credential", "revoke", "demo");
  expect(io.out()).toContain("https://github.com/org/repo  ended");
});

test("nothing is removed that nobody confirmed", async () => {
  const { run, io, asked } = setup({ input: "" });
  await expect(run("credential", "remove", "work")).rejects.toMatchObject({ code: "confirmation_needed" });
  expect(io.err()).toBe("It is used by: demo.\n");
  expect(asked).toEqual([]);
  const sure = setup();
  await sure.run("--yes", "credential", "remove", "work");
  expect(sure.asked).toEqual([{ name: "work" }]);
});

test("a login tells where to type which code, then who has logged in", async () => {
  const { run, io } = setup();
  await run("login", "github");
  expect(io.err()).toContain("Open https://github.com/login/device and type this code there: ABCD-1234");
  expect(io.out()).toBe("github  logged in to github.com as ada\n");
  const json = setup();
  await json.run("login", "github", "--json");
  expect(json.io.out()).toContain('"userCode": "ABCD-1234"');
});
