import { once } from "node:events";
import { createByteQueue, type ByteChannel, type WayIn } from "@ws/workspace-core";
import type { FakeProgram } from "@ws/workspace-core/testing";
import type { Client, ClientChannel } from "ssh2";
import { expect, test } from "vitest";
import { run, serveTestSsh as serve } from "../testing/ssh-server.ts";

const MIB = 2 ** 20;
const WINDOW = 2 * MIB;

/** What a client that keeps to nothing speaks with. */
interface Speech {
  session: (channel: number, window: number, packet: number) => void;
  directTcpip: (channel: number, window: number, packet: number, to: object) => void;
  channelOpenConfirm: (remote: number, local: number, window: number, packet: number) => void;
  channelData: (channel: number, bytes: Buffer) => void;
  tcpipForward: (host: string, port: number, wantsReply: boolean) => void;
}

function speechOf(client: Client): Speech {
  return (client as unknown as { _protocol: Speech })._protocol;
}

/** Each channel is opened with this window and these packets. */
function distort(client: Client, change: { window?: number; packet?: number }): void {
  const speech = speechOf(client);
  const { session, directTcpip, channelOpenConfirm } = speech;
  const { window = WINDOW, packet = 32 * 1024 } = change;
  speech.session = (channel) => session.call(speech, channel, window, packet);
  speech.directTcpip = (channel, _window, _packet, to) => directTcpip.call(speech, channel, window, packet, to);
  speech.channelOpenConfirm = (remote, local) => channelOpenConfirm.call(speech, remote, local, window, packet);
}

/** However it came about. */
const closed = (client: Client): Promise<string> =>
  new Promise((resolve) => client.once("close", () => resolve("left")));

const exec = (client: Client, command = "x"): Promise<ClientChannel> =>
  new Promise((resolve, reject) =>
    client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
  );

/** Reads nothing of its input until it is hung up. */
function createDeaf(): { program: FakeProgram; heard: Promise<string> } {
  const heard = Promise.withResolvers<string>();
  const program: FakeProgram = async ({ trap, print }) => {
    trap(heard.resolve);
    await print(Buffer.from("ready"));
    await heard.promise;
    return {};
  };
  return { program, heard: heard.promise };
}

/** Of a service that takes nothing that is written to it. */
function createStalled(): { channel: ByteChannel; written: Promise<void>; destroyed: Promise<void> } {
  const queue = createByteQueue();
  const written = Promise.withResolvers<void>();
  const destroyed = Promise.withResolvers<void>();
  const channel: ByteChannel = {
    readable: queue.source,
    async write() {
      written.resolve();
      await destroyed.promise;
      throw new Error("destroyed");
    },
    end: async () => undefined,
    destroy() {
      queue.end();
      destroyed.resolve();
    },
  };
  return { channel, written: written.promise, destroyed: destroyed.promise };
}

test.each([0, 1, 1_023])("who wants packets of %i bytes is left before anything is sent to him", async (packet) => {
  const connect = async (): Promise<ByteChannel> => talking();
  const accepting = Promise.withResolvers<(channel: ByteChannel) => void>();
  const listen: WayIn["listen"] = async (accept) => {
    accepting.resolve(accept);
    return { port: 4567, [Symbol.asyncDispose]: async () => undefined };
  };
  const { logIn } = await serve(() => ({ stdout: "words" }), { connect, listen });

  const commanding = await logIn();
  distort(commanding, { packet });
  const commandLeft = closed(commanding);
  commanding.exec("x", () => undefined);
  expect(await commandLeft).toBe("left");

  const leading = await logIn();
  distort(leading, { packet });
  const leadingLeft = closed(leading);
  leading.forwardOut("", 0, "localhost", 80, () => undefined);
  expect(await leadingLeft).toBe("left");

  const listening = await logIn();
  distort(listening, { packet });
  listening.on("tcp connection", (_details, accept) => void accept());
  await new Promise((resolve) => listening.forwardIn("127.0.0.1", 0, resolve));
  const listeningLeft = closed(listening);
  (await accepting.promise)(talking());
  expect(await listeningLeft).toBe("left");
});

test("much on both outputs arrives whole, in turn and at once, and so does the exit", async () => {
  const { logIn } = await serve(async ({ argv, print }) => {
    const much = "x".repeat(8 * MIB);
    if (argv.at(-1) === "at once") return { stdout: much, stderr: much, code: 7 };
    for (let sent = 0; sent < much.length; sent += 64 * 1024) await print(Buffer.alloc(64 * 1024, "x"));
    return { stderr: much, code: 7 };
  });
  const client = await logIn();
  for (const command of ["in turn", "at once"]) {
    const { out, err, code } = await run(client, command);
    expect([command, out.length, err.length, code]).toEqual([command, 8 * MIB, 8 * MIB, 7]);
  }
});

test.each([
  ["leaves", (client: Client) => void client.destroy()],
  ["closes the channel", (_client: Client, channel: ClientChannel) => channel.close()],
])("a client that %s while nobody takes what it sends is gone all the same", async (_, leave) => {
  const deaf = createDeaf();
  const stalled = createStalled();
  const { logIn } = await serve(deaf.program, { connect: async () => stalled.channel });
  const client = await logIn();
  const channel = await exec(client);
  const ready = once(channel, "data");
  // The rest stays where it is until there is room for it.
  channel.write(Buffer.alloc(3 * MIB));
  await ready;
  // What is asked after it is answered when it has been taken in.
  await new Promise((resolve) => client.forwardIn("203.0.113.7", 1, resolve));
  leave(client, channel);
  expect(await deaf.heard).toBe("SIGHUP");

  const other = await logIn();
  const led = await new Promise<ClientChannel>((resolve) =>
    other.forwardOut("", 0, "localhost", 80, (_error, opened) => resolve(opened)),
  );
  led.write(Buffer.alloc(3 * MIB));
  await stalled.written;
  leave(other, led);
  await stalled.destroyed;
});

test("who sends more than there is a window for is left", async () => {
  const { program } = createDeaf();
  const { logIn } = await serve(program);
  const client = await logIn();
  const channel = await exec(client);
  await once(channel, "data");
  const left = closed(client);
  const { outgoing } = channel as unknown as { outgoing: { id: number } };
  // No sum of these is the window itself.
  for (let sent = 0; sent < 8 * MIB; sent += 30_000) speechOf(client).channelData(outgoing.id, Buffer.alloc(30_000));
  expect(await left).toBe("left");
});

test("a client has no more channels than it needs, and further ones when some have closed", async () => {
  const { program } = createDeaf();
  const { logIn } = await serve(program);
  const client = await logIn();
  const tried = await Promise.allSettled(Array.from({ length: 200 }, () => exec(client)));
  const opened = tried.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  expect(opened).toHaveLength(128);
  opened[0]?.close();
  await exec(client);
});

test("of many ports that are asked for at once no more are opened than one after the other", async () => {
  const entering = Promise.withResolvers<void>();
  let listening = 0;
  const listen: WayIn["listen"] = async () => {
    listening += 1;
    await entering.promise;
    return { port: 20_000 + listening, [Symbol.asyncDispose]: async () => undefined };
  };
  const { logIn } = await serve(() => ({}), { listen });
  const client = await logIn();
  const asked = Array.from(
    { length: 80 },
    () => new Promise<boolean>((resolve) => client.forwardIn("localhost", 0, (error) => resolve(error === undefined))),
  );
  await expect.poll(() => listening).toBe(50);
  entering.resolve();
  expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(50);
  expect(listening).toBe(50);
});

test("a service that has said all it has to say still hears the client out", async () => {
  const heard = Promise.withResolvers<string>();
  let input = "";
  const connect = async (): Promise<ByteChannel> => ({
    ...talking(),
    write: async (bytes) => void (input += Buffer.from(bytes).toString()),
    end: async () => heard.resolve(input),
    destroy: () => heard.resolve(`${input}, cut`),
  });
  const { logIn } = await serve(() => ({}), { connect });
  const client = await logIn();
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.forwardOut("", 0, "localhost", 80, (error, opened) =>
      error === undefined ? resolve(opened) : reject(error),
    ),
  );
  const said = once(channel, "end");
  channel.resume();
  await said;
  channel.end("the rest");
  expect(await heard.promise).toBe("the rest");
});

test("to a client that takes nothing no more is written, whatever its window, and it is not heard either", async () => {
  let printed = 0;
  const begin = Promise.withResolvers<void>();
  const program: FakeProgram = async ({ print }) => {
    await begin.promise;
    for (; printed < 256 * MIB; printed += 64 * 1024) await print(Buffer.alloc(64 * 1024));
    return {};
  };
  const { logIn, transports } = await serve(program);
  const client = await logIn();
  distort(client, { window: 2 ** 32 - 1 });
  const transport = transports.at(-1);
  await Promise.all([exec(client), exec(client)]);
  // Takes what is written, and is never done with it.
  Object.assign(transport as object, { _write: () => undefined, _writev: undefined });
  begin.resolve();
  await expect.poll(() => transport?.writableNeedDrain).toBe(true);
  for (let asked = 0; asked < 50_000; asked += 1) speechOf(client).tcpipForward("203.0.113.7", 1, true);
  await expect.poll(() => transport?.isPaused()).toBe(true);
  // Everything that could be done by then was.
  await new Promise((resolve) => setImmediate(resolve));
  expect(transport?.writableLength).toBeLessThan(MIB);
  expect(printed).toBeLessThan(2 * MIB);
});

/** Has something to say at once. */
function talking(): ByteChannel {
  const queue = createByteQueue();
  queue.push(Buffer.from("words"));
  queue.end();
  return { readable: queue.source, write: async () => undefined, end: async () => undefined, destroy: queue.end };
}
