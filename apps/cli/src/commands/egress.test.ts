import { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createContext, type Context } from "../context.ts";
import { EXIT } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { type LocalAgent, startLocalAgent } from "../testing/local-agent.ts";
import { registerEgress } from "./egress.ts";

let agent: LocalAgent;

beforeAll(async () => {
  agent = await startLocalAgent();
  await agent.ws(["start", "demo"]);
});
afterAll(async () => {
  await agent.ws(["delete", "demo", "--yes", "--force"]);
  await agent[Symbol.asyncDispose]();
});

/** What is printed and said of an agent that answers so. */
async function shown(answers: object, ...argv: string[]): Promise<{ printed: string[]; hints: string[] }> {
  const hints: string[] = [];
  const io = createFakeIo();
  const context: Context = {
    ...createContext(io),
    hint: (text) => void hints.push(text),
    connect: async () => ({ client: { egress: answers } }) as never,
  };
  const program = new Command();
  registerEgress(program, context);
  await program.parseAsync(["egress", ...argv], { from: "user" });
  return { printed: io.out().split("\n").slice(0, -1), hints };
}

test("What may be reached is a table with who allows it, and what is denied stands below", async () => {
  const get = async () => ({
    network: "listed",
    allowed: [
      { host: "api.anthropic.com", port: 443, private: false, of: "models" },
      { host: "nas.home", port: 5_000, private: true, of: "workspace" },
    ],
    denied: [{ host: "pypi.org", of: "worker" }],
  });
  expect((await shown({ get }, "demo")).printed.filter((line) => line !== "")).toEqual([
    "HOST               PORT               SET BY",
    "api.anthropic.com  443                models",
    "nas.home           5000  private too  workspace",
    "pypi.org                 denied       worker",
  ]);
});

test("Where there is no way out, that and why is said", async () => {
  const get = async () => ({ network: "none", why: "It has no SSH server.", allowed: [], denied: [] });
  expect((await shown({ get }, "demo")).hints[0]).toBe("There is no way out of 'demo'. It has no SSH server.");
});

test("The table of refusals holds nothing that a terminal would obey (CVE-2021-25743)", async () => {
  const refusals = async () => [
    { host: "\u001b]0;x\u0007evil\n.test", port: 443, why: "No.", count: 3, first: "then", last: "now" },
  ];
  const { printed } = await shown({ refusals }, "demo", "refusals");
  expect(printed.join("\n")).toMatch(/evil/);
  expect(printed.join("")).not.toMatch(/\p{Cc}/u);
});

test("What was refused is followed by the rule that allows the latest that one allows, and by none where none does", async () => {
  const refusal = { port: 80, why: "No.", count: 1, first: "then", last: "now" };
  const listed = [
    { ...refusal, host: "169.254.169.254" },
    { ...refusal, host: "nas.test", rule: "nas.test:80/private" },
  ];
  const { hints } = await shown({ refusals: async () => listed }, "demo", "refusals");
  expect(hints).toEqual(["Allow one, such as the latest: ws egress demo allow nas.test:80/private"]);
  expect((await shown({ refusals: async () => listed.slice(0, 1) }, "demo", "refusals")).hints).toEqual([]);
});

test("A workspace with an open network says so, and cannot be allowed anything by itself", async () => {
  const open = await agent.ws(["egress", "demo"]);
  expect([open.code, open.err]).toEqual([EXIT.ok, expect.stringContaining("The network of 'demo' is open")]);
  const refused = await agent.ws(["egress", "demo", "allow", "x.test"]);
  expect([refused.code, refused.err]).toEqual([EXIT.usage, expect.stringContaining("--profile agent")]);
});

test("What is allowed everywhere stands among the settings, until it is removed", async () => {
  expect((await agent.ws(["egress", "demo", "allow", "*.x.test", "--everywhere"])).code).toBe(EXIT.ok);
  expect((await agent.ws(["config", "get", "egress.allow"])).out).toContain("*.x.test");
  expect((await agent.ws(["egress", "demo", "remove", "*.x.test", "--everywhere"])).code).toBe(EXIT.ok);
  expect((await agent.ws(["config", "get", "egress.allow"])).out).not.toContain("x.test");
});

test("The presets are listed with which are on, and a word too many is refused", async () => {
  const presets = await agent.ws(["egress"]);
  expect(presets.out).toMatch(/^registries +on +registry\.npmjs\.org/m);
  expect(presets.out).toMatch(/^git +off +github\.com/m);
  for (const words of [["dance"], ["allow"], ["remove"], ["allow", "x.test", "y.test"]]) {
    expect((await agent.ws(["egress", "demo", ...words])).code).toBe(EXIT.usage);
  }
});

test("A host at several ports, allowed by several lists, is one line", async () => {
  const rule = { host: "git.test", private: false };
  const get = async () => ({
    network: "listed",
    allowed: [
      { ...rule, port: 443, of: "git" },
      { ...rule, port: 22, of: "git" },
      { ...rule, port: 443, of: "workspace" },
    ],
    denied: [],
  });
  const [, ...rows] = (await shown({ get }, "demo")).printed.filter((line) => line !== "");
  expect(rows.map((row) => row.split(/ {2,}/))).toEqual([["git.test", "443, 22", "git, workspace"]]);
});

test("A private address is told the rule that reaches it", async () => {
  const allow = async () => ({ network: "listed", allowed: [], denied: [] });
  const { hints } = await shown({ allow }, "demo", "allow", "10.0.0.5:5000");
  expect(hints[1]).toMatch(/ws egress demo allow 10\.0\.0\.5:5000\/private$/);
  expect((await shown({ allow }, "demo", "allow", "nas.test")).hints).toHaveLength(1);
});

test("What was never allowed is not said to be taken back", async () => {
  const listed =
    (...denied: object[]) =>
    async () => ({ network: "listed", allowed: [], denied });
  const same = await shown({ get: listed(), deny: listed() }, "demo", "remove", "x.test");
  expect(same.hints).toEqual(["x.test was not allowed: nothing changed."]);
  const denied = listed({ host: "x.test", of: "workspace" });
  const changed = await shown({ get: listed(), deny: denied }, "demo", "remove", "x.test");
  expect(changed.hints).toEqual(["x.test is not allowed any more."]);
});
