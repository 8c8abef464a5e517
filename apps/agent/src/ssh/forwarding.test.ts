import { PassThrough, type Duplex } from "node:stream";
import { createByteQueue, type ByteChannel, type WayIn } from "@ws/workspace-core";
import type { FakeProgram } from "@ws/workspace-core/testing";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { echoChannel } from "../testing/echo-channel.ts";
import { KEYS, run, serveTestSsh as serve } from "../testing/ssh-server.ts";

test("a port of the workspace's loopback is led to, and no other address", async () => {
  const ports: number[] = [];
  const connect = async (port: number): Promise<ByteChannel> => {
    ports.push(port);
    return echoChannel();
  };
  const { logIn } = await serve(() => ({}), { connect });
  const client = await logIn();
  const forward = (host: string): Promise<string> =>
    new Promise((resolve, reject) =>
      client.forwardOut("", 0, host, 80, (error, channel) => {
        if (error !== undefined) return reject(error);
        channel.setEncoding("utf8").once("data", resolve);
        channel.write("hello");
      }),
    );
  for (const host of ["localhost", "127.0.0.1", "::1"]) expect(await forward(host)).toBe("hello");
  for (const host of ["169.254.169.254", "10.0.0.1", "example.com", "127.0.0.1.example.com"]) {
    await expect(forward(host)).rejects.toThrow();
  }
  expect(ports).toEqual([80, 80, 80]);
});

test("a port that the client asks for leads back to it, until it leaves", async () => {
  const accepting = Promise.withResolvers<(channel: ByteChannel) => void>();
  const disposed = Promise.withResolvers<void>();
  const listen: WayIn["listen"] = async (accept) => {
    accepting.resolve(accept);
    return { port: 4567, [Symbol.asyncDispose]: async () => disposed.resolve() };
  };
  const { logIn } = await serve(() => ({}), { listen });
  const client = await logIn();
  const refused = await new Promise((resolve) => client.forwardIn("203.0.113.7", 80, (error) => resolve(error)));
  expect(refused).toBeInstanceOf(Error);
  const port = await new Promise((resolve) => client.forwardIn("127.0.0.1", 0, (_error, bound) => resolve(bound)));
  expect(port).toBe(4567);
  const came = new Promise<string>((resolve) => {
    client.on("tcp connection", (_details, accept) => accept().setEncoding("utf8").once("data", resolve));
  });
  const channel = echoChannel();
  await channel.write(Buffer.from("from inside"));
  (await accepting.promise)(channel);
  expect(await came).toBe("from inside");
  client.end();
  await disposed.promise;
});

/** Says what it is asked, as an SSH agent would answer. */
class Echo extends ssh2.BaseAgent {
  override getIdentities(done: (error: undefined, keys: never[]) => void): void {
    done(undefined, []);
  }
  override sign(): void {
    throw new Error("nothing is signed here");
  }
  override getStream(done: (error: undefined, stream: Duplex) => void): void {
    done(undefined, new PassThrough());
  }
}

test("the client's agent is led to where it was asked for, as long as the connection stays, and to no code that is not trusted", async () => {
  const listened: { path: string; accept: (channel: ByteChannel) => void }[] = [];
  const closed = Promise.withResolvers<void>();
  const removed: string[] = [];
  const listenAt: WayIn["listenAt"] = async (path, accept) => {
    listened.push({ path, accept });
    return { [Symbol.asyncDispose]: async () => closed.resolve() };
  };
  const program: FakeProgram = ({ options }) => ({ stdout: options.env?.["SSH_AUTH_SOCK"] ?? "none" });
  const further: Record<string, FakeProgram> = {
    mktemp: () => ({ stdout: "/tmp/ws-ssh-abc\n" }),
    rm: ({ argv }) => {
      removed.push(argv.at(-1) ?? "");
      return {};
    },
  };
  const { logIn } = await serve(program, { listenAt }, further);
  const asking = { privateKey: KEYS.private, agent: new Echo(), agentForward: true };
  expect((await run(await logIn(), "x")).out).toBe("none");
  const client = await logIn(asking);
  expect(listened).toEqual([]);
  const withAgent = { agentForward: true } as ssh2.ExecOptions;
  expect((await run(client, "x", withAgent)).out).toBe("/tmp/ws-ssh-abc/agent");
  expect((await run(client, "x", withAgent)).out).toBe("/tmp/ws-ssh-abc/agent");
  expect(listened.map(({ path }) => path)).toEqual(["/tmp/ws-ssh-abc/agent"]);
  // The library's inner parts open the channel: where they change this does not come back.
  const { near, far } = pair();
  listened[0]?.accept(far);
  await near.write(Buffer.from("who are you"));
  expect(await first(near)).toBe("who are you");
  client.end();
  await closed.promise;
  await expect.poll(() => removed).toEqual(["/tmp/ws-ssh-abc"]);

  const untrusted = await serve(program, { listenAt, profile: "agent" }, further);
  const other = await untrusted.logIn(asking);
  expect((await run(other, "x", withAgent)).out).toBe("none");
  expect(listened).toHaveLength(1);
});

test("what a workspace has in the place of mktemp can say what it likes: no agent is lent then, and the command runs", async () => {
  const program: FakeProgram = ({ options }) => ({ stdout: options.env?.["SSH_AUTH_SOCK"] ?? "none" });
  for (const stdout of ["/tmp/ws-ssh-abc/../..\n", "/etc\n", "", "/tmp/ws-ssh-a".repeat(100_000)]) {
    const { logIn } = await serve(program, {}, { mktemp: () => ({ stdout }) });
    const client = await logIn({ privateKey: KEYS.private, agent: new Echo(), agentForward: true });
    expect((await run(client, "x", { agentForward: true } as ssh2.ExecOptions)).out).toBe("none");
  }
});

/** Two ends of a connection in memory. */
function pair(): { near: ByteChannel; far: ByteChannel } {
  const [one, other] = [createByteQueue(), createByteQueue()];
  const end = (mine: typeof one, theirs: typeof one): ByteChannel => ({
    readable: mine.source,
    write: async (bytes) => void theirs.push(bytes),
    end: async () => theirs.end(),
    destroy: theirs.end,
  });
  return { near: end(one, other), far: end(other, one) };
}

async function first({ readable }: ByteChannel): Promise<string> {
  for await (const bytes of readable) return Buffer.from(bytes).toString();
  return "";
}
