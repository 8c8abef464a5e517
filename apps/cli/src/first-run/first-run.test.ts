import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startLocalAgent, type LocalAgent } from "../testing/local-agent.ts";
import {
  createSecondDevice,
  startAtTerminal,
  startCommand,
  type SecondDevice,
  type Typing,
} from "../testing/second-device.ts";

const NEXT = /Enter worker hostname: $/;
const CODE = /Code that 'ws pair' shows on the worker: $/;

let worker: LocalAgent;
let address: string;
let other: Server;

beforeAll(async () => {
  worker = await startLocalAgent();
  address = new URL(worker.url).host;
  other = createServer((socket) => socket.on("error", () => undefined).end("220 mail.test\r\n")).listen(0, "127.0.0.1");
  await once(other, "listening");
});
afterAll(async () => {
  other.close();
  await worker[Symbol.asyncDispose]();
});

function laptop(): { device: SecondDevice; on: (...argv: string[]) => Typing } {
  const device = createSecondDevice();
  onTestFinished(() => device[Symbol.dispose]());
  return { device, on: (...argv) => startAtTerminal({ WS_CONFIG_DIR: device.configDirectory }, ...argv) };
}

async function openCode(): Promise<string> {
  const running = startCommand({ WS_CONFIG_DIR: worker.configDirectory }, "pair", "--json");
  const [, code = ""] = await running.said(/"code":"(\S{4}-\S{4})"/);
  return code;
}

describe("a device that knows no worker", () => {
  test("asks for one at the first command, pairs, says where that is kept, and goes on", async () => {
    const { device, on } = laptop();
    const listing = on("list");
    await listing.said(/^\? No worker configured\. Enter worker hostname: $/);
    listing.type(address);
    await listing.said(CODE);
    listing.type("hello");
    await listing.said(/That is no code: .*\n.*: $/);
    listing.type("WRNG-WRNG");
    await listing.said(/The worker does not take this code: [^]*ws pair\.\n.*: $/);
    listing.type((await openCode()).toLowerCase());
    expect(await listing.ended).toBe(0);
    const said = listing.text();
    expect(said).toContain(`Connecting to ${address}... OK\n`);
    expect(said).toContain(`Saved to ${device.configDirectory}/client.json\n\nNo workspaces.`);
    expect(await device.ws("list", "--json")).toMatchObject({ code: 0, out: "[]\n" });
  });

  test("is told in a sentence what is wrong with a name, and asked again", async () => {
    const { device, on } = laptop();
    const starting = on("start", "demo");
    const mail = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    for (const [typed, says] of [
      ["", /or make this one a worker: ws agent run\.\n.*: $/],
      ["ada@desk", /names a user, and a worker is reached without one\.\nUse desk\.\n.*: $/],
      ["no-such-host.invalid", /Connecting to no-such-host\.invalid:7391\.\.\. \nNo worker answers at .*: $/s],
      ["127.0.0.1:1", /nothing listens there\.\n.*: $/s],
      [mail, /what answers there is no worker\.\n.*: $/s],
    ] as const) {
      await starting.said(NEXT);
      starting.type(typed);
      await starting.said(says);
    }
    await starting.said(NEXT);
    starting.type("\u0003");
    starting.io.stdin.push(null);
    expect(await starting.ended).toBe(130);
    expect(starting.text()).toContain("No worker was chosen, and nothing was changed. (interrupted)");
    expect(() => device.kept()).toThrow("ENOENT");
  });

  test.each([["list"], ["start", "demo"], ["list", "--json"]])(
    "in a pipe, '%s %s' fails with the commands to run, and asks nobody",
    async (...words) => {
      const { device } = laptop();
      const { code, out, err } = await device.ws(...words.filter((word) => word !== undefined));
      expect([code, out]).toEqual([5, ""]);
      expect(err).toMatch(/no_worker/);
      expect(err).toContain("ws config set worker HOST, then ws pair CODE. Or make this machine one: ws agent run.");
    },
  );

  test("'ws' alone asks for a worker on a terminal, and shows all commands in a pipe", async () => {
    const { device, on } = laptop();
    const alone = on();
    await alone.said(/^\? Enter worker hostname: $/);
    alone.type(address);
    await alone.said(CODE);
    alone.type(await openCode());
    expect(await alone.ended).toBe(0);
    expect(alone.io.out()).toMatch(/^Usage: ws /);
    expect((await device.ws()).out).toMatch(/^Usage: ws /);
    expect((await createSecondDevice().ws()).out).toMatch(/^Usage: ws /);
  });

  test("completes its lines without a question", async () => {
    const { on } = laptop();
    const completing = on("__complete", "--", "info", "");
    expect(await completing.ended).toBe(0);
    expect(completing.io.err()).toBe("");
  });
});

test("a machine that is a worker is asked for none, also while its agent is stopped", async () => {
  await using own = await startLocalAgent();
  await own.close();
  const listing = startAtTerminal({ WS_CONFIG_DIR: own.configDirectory }, "list");
  expect(await listing.ended).toBe(5);
  expect(listing.io.err()).toContain("No agent runs on this machine. (agent_unreachable)");
});
