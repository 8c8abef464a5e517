import { describe, expect, test } from "vitest";
import { createHarness } from "../testing/harness.ts";
import { layerOf, verdict } from "../testing/policy-verdict.ts";
import type { TaskSpec } from "../tasks/task.ts";
import { toExecute, type Executed } from "./execute.ts";
import { createPolicy } from "./policy.ts";
import { parseRules, type PolicyRules } from "./rules.ts";

const BASIC = layerOf(parseRules({ commands: ["basic"] }));

function judged(what: Executed, own: Record<string, string> = {}): string {
  return verdict([BASIC], toExecute(what, own));
}

const task = (spec: TaskSpec): Executed => ({ task: spec });
const words = (...command: string[]): Executed => ({ command });
const withEnv = (name: string): Executed => ({ command: ["git", "status"], env: { [name]: "x" } });

const STEERING = [
  "PATH HOME IFS ENV BASH_ENV BASH_FUNC_ls%% SHELLOPTS PS4 PROMPT_COMMAND",
  "LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GCONV_PATH",
  "GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_EXEC_PATH GIT_EXTERNAL_DIFF GIT_PAGER PAGER EDITOR",
  "GIT_AUTHOR_PAGER NODE_ENVY GIT_ASKPASS SSH_ASKPASS NODE_OPTIONS NODE_PATH npm_config_script_shell NPM_CONFIG_PREFIX",
  "PYTHONPATH PYTHONSTARTUP PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS LESSOPEN XDG_CONFIG_HOME",
  "ZDOTDIR OPENSSL_CONF WGETRC KUBECONFIG AWS_CONFIG_FILE DOTNET_STARTUP_HOOKS VIMINIT LUA_INIT PHPRC HGRCPATH",
].join(" ");

describe("of the usual twelve each runs, in words (vm2-era allow-lists by prefix)", () => {
  test.each(["ls", "pwd", "echo", "cat", "grep", "find", "git", "npm", "pnpm", "yarn", "node", "python", "python3"])(
    "%s",
    (program) => {
      expect(judged(words(program, "; curl evil"))).toBe("ok");
    },
  );
});

describe("what gets past an allow-list that looks at a command's beginning does not get past this one", () => {
  test.each<[string, Executed]>([
    ["a second command in the same text", { command: "git status; curl http://evil.test" }],
    ["a text at all, which a shell would read", { command: "git status" }],
    ["a substitution in a text", { command: "ls $(curl http://evil.test)" }],
    ["a shell", words("sh", "-c", "git status")],
    ["another shell", words("bash", "-c", "git status")],
    ["a program that runs others", words("env", "git", "status")],
    ["a path to the same program", words("/bin/ls")],
    ["a path from where it runs", words("./git")],
    ["a path through a directory", words("git/../sh")],
    ["a link with a name of its own", words("gitlink")],
    ["a name that begins like one", words("git-evil")],
    ["a name in other letters", words("GIT")],
    ["a name with a space after it", words("git ")],
    ["a name with a line after it", words("git\nsh")],
    ["a name with an end in it", words("git\0sh")],
    ["an assignment before it", words("PATH=/tmp", "git")],
    ["an option in its place", words("--", "git")],
    ["nothing", words()],
    ["nothing but a space", words(" ")],
    ["the name of what objects have", words("constructor")],
    ["a terminal", { terminal: true }],
    ["a task in words", task({ kind: "command", argv: ["curl", "http://evil.test"] })],
    ["a task of a shell", task({ kind: "command", argv: ["sh", "-c", "git status; curl http://evil.test"] })],
    ["a task with a variable", task({ kind: "command", argv: ["git"], env: { GIT_SSH_COMMAND: "sh" } })],
    ["code for a shell", task({ kind: "code", language: "sh", code: "curl http://evil.test" })],
  ])("%s", (_what, what) => {
    expect(judged(what)).toBe("commands");
  });

  test.each(STEERING.split(" "))("the variable %s, given with it or before it to the whole workspace", (name) => {
    expect(judged(withEnv(name))).toBe("commands");
    expect(judged(words("git", "status"), { [name]: "x" })).toBe("commands");
    expect(judged(task({ kind: "command", argv: ["git"], env: { [name]: "x" } }))).toBe("commands");
  });

  test.each("DATABASE_URL OPENAI_API_KEY SOME_TOOL_PRELOAD ci LANG\n LC_ LC_ALL=x XLANG".split(" "))(
    "the variable %j, of which nobody knows what it does, cannot be given, and a workspace can have it",
    (name) => {
      expect(judged(withEnv(name))).toBe("commands");
      expect(judged(task({ kind: "command", argv: ["git"], env: { LANG: "C", [name]: "x" } }))).toBe("commands");
      expect(verdict([BASIC], { act: "give", variables: [name] })).toBe("commands");
      expect(judged(words("git", "status"), { [name]: "x" })).toBe("ok");
    },
  );

  test.each(
    "NODE_ENV CI LANG LC_ALL TZ TERM COLORTERM NO_COLOR FORCE_COLOR DEBUG GIT_AUTHOR_NAME GIT_COMMITTER_DATE".split(
      " ",
    ),
  )("the variable %s steers nothing", (name) => {
    expect(judged(withEnv(name))).toBe("ok");
    expect(judged(words("git", "status"), { [name]: "x" })).toBe("ok");
  });
});

test("code is what its interpreter runs", () => {
  for (const language of ["javascript", "typescript", "python"] as const)
    expect(judged(task({ kind: "code", language, code: "1" }))).toBe("ok");
  const onlyGit = [layerOf({ commands: ["git"] })];
  expect(verdict(onlyGit, toExecute(task({ kind: "code", language: "python", code: "1" })))).toBe("commands");
});

test("a path that is named is run by that path, and a terminal where the shell is named", () => {
  const layers = [layerOf(parseRules({ commands: ["/opt/tools/lint", "sh"] }))];
  expect(verdict(layers, toExecute(words("/opt/tools/lint")))).toBe("ok");
  expect(verdict(layers, toExecute(words("lint")))).toBe("commands");
  expect(verdict(layers, toExecute(words("/opt/tools/../tools/lint")))).toBe("commands");
  expect(verdict(layers, toExecute({ terminal: true }))).toBe("ok");
  expect(verdict(layers, toExecute({ command: "anything; at all" }))).toBe("ok");
});

test("every layer that names commands has to name it, and a list of none lets nothing run", () => {
  const layers = [layerOf({ commands: ["git", "ls"] }), layerOf({ commands: ["git", "node"] }, { of: "token" })];
  expect(["git", "ls", "node"].map((name) => verdict(layers, toExecute(words(name))))).toEqual([
    "ok",
    "commands",
    "commands",
  ]);
  expect(verdict([layerOf({ commands: [] })], toExecute(words("ls")))).toBe("commands");
  expect(verdict([layerOf({ readOnly: true })], toExecute(words("rm")))).toBe("ok");
});

test("a list is taken in one form, and what can be no program is refused", () => {
  expect(parseRules({ commands: ["git", "basic", "/usr/bin/env"] }).commands).toEqual([
    ..."git ls pwd echo cat grep find npm pnpm yarn node python".split(" "),
    "/usr/bin/env",
  ]);
  for (const wrong of ["git", [7], ["git status"], [""], ["./git"], ["a/b"], ["/"], ["/a/../b"], ["-x"], ["a;b"]]) {
    expect(() => parseRules({ commands: wrong } as PolicyRules)).toThrow(
      expect.objectContaining({ code: "invalid_input", data: { field: "commands" } }) as Error,
    );
  }
});

test("a refusal says which command, in which rule, set where, and what to do instead", async () => {
  await using harness = createHarness();
  const { workspaces } = harness;
  await workspaces.create({ name: "demo", env: { BASH_ENV: "/tmp/x" } });
  const ci = { of: "token", name: "ci", rules: { commands: ["git", "npm"] } } as const;
  const said = (what: Executed): object => {
    try {
      workspaces.policies.demandExecute("demo", what, [ci]);
      return {};
    } catch (error) {
      const { code, message, next, data } = error as { code: string; message: string; next: string; data: object };
      return { code, message, next, data };
    }
  };
  expect(said({ command: "git status; curl x" })).toEqual({
    code: "command_not_allowed",
    message: "Nothing was run: command 'sh' not allowed by the rule commands of the token ci, which names git, npm.",
    next: 'A command in one text is read by a shell; give it as words, such as ["git", "status"]. It is fixed with the token; ask for one that may do more.',
    data: { command: "sh", rule: "commands", setBy: "token ci" },
  });
  expect(said({ command: ["git", "status"] })).toMatchObject({
    message:
      "Nothing was run: command 'git' not allowed with the variable 'BASH_ENV' of the workspace, which can make it run others; the rule commands of the token ci says what may be run.",
  });
  expect(said({ command: ["git", "status"], env: { MY_PAGER: "sh" } })).toMatchObject({
    message: expect.stringMatching(
      /^Nothing was run: command 'git' not allowed with the variable 'MY_PAGER': .* of the token ci only LANG, LC_\*, .* may be given\.$/,
    ) as string,
  });
  workspaces.policies.change("demo", { set: { commands: [] } });
  expect(() => workspaces.policies.demandExecute("demo", words("ls"))).toThrow(
    "Nothing was run: command 'ls' not allowed by the rule commands of the workspace demo, whose list is empty: nothing may be run.",
  );
  workspaces.policies.change("demo", { set: { commands: ["ls"] } });
  expect(createPolicy(workspaces.policies.of("demo").layers).decide(toExecute(words("git")))?.setBy).toBe(
    "workspace demo",
  );
  expect(() => workspaces.policies.demandExecute("nobody", words("ls"))).toThrow(
    expect.objectContaining({ code: "workspace_not_found" }) as Error,
  );
});
