import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openSubject } from "./testing/subject.ts";

const echo = () => createServer((socket) => void socket.on("error", () => undefined).pipe(socket));

test("A 257th connection is told that there are too many, and one that ends makes room (row 50)", async () => {
  await using subject = await openSubject();
  const target = `allowed.test:${await subject.serve(echo())}`;
  subject.allow.push(target);
  const tunnels = await Promise.all(Array.from({ length: 256 }, () => subject.tunnel(target)));
  expect(new Set(tunnels.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await text(connect(subject.box.port(), "127.0.0.1"))).toMatch(/^HTTP\/1\.1 503 /);
  tunnels[0]?.socket.destroy();
  await expect.poll(async () => (await subject.tunnel(target)).status).toBe(200);
});

test("A host that sends on to a program that has gone is let go too (row 50)", async () => {
  await using subject = await openSubject();
  const gone = Promise.withResolvers<void>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const more = (): void => {
      while (socket.write(Buffer.alloc(65_536)));
    };
    socket.on("error", () => undefined);
    socket.on("close", () => gone.resolve());
    socket.on("drain", more);
    more();
  });
  const target = `allowed.test:${await subject.serve(server)}`;
  subject.allow.push(target);
  (await subject.tunnel(target)).socket.destroy();
  await expect(gone.promise).resolves.toBeUndefined();
});

test("Nothing is opened for a program that has gone while its host was looked up, and it takes up no room (row 50)", async () => {
  const looked = Promise.withResolvers<void>();
  let answer = (): void => undefined;
  await using subject = await openSubject({
    addresses: () =>
      new Promise((resolve) => {
        answer = () => resolve({ addresses: [{ address: "127.0.0.1", family: 4 }] });
        looked.resolve();
      }),
  });
  const accepted: Socket[] = [];
  const server = createServer((socket) => void accepted.push(socket));
  const port = await subject.serve(server);
  const target = `allowed.test:${port}`;
  subject.allow.push(target);
  const asking = subject.tunnel(target);
  await looked.promise;
  asking.catch(() => undefined);
  // As where its Box ends.
  await subject.box[Symbol.asyncDispose]();
  await expect(asking).rejects.toThrow();
  answer();
  // What it would have opened comes before this one.
  await new Promise((resolve) => setImmediate(resolve));
  const own = connect(port, "127.0.0.1");
  await once(server, "connection");
  await expect.poll(() => accepted.map(({ remotePort }) => remotePort)).toEqual([own.localPort]);
  own.destroy();
});

test("A program that reads slowly holds the host back, and loses nothing", async () => {
  await using subject = await openSubject();
  const whole = 64 * 1_024 * 1_024;
  let written = 0;
  const server = createServer((socket) => {
    const more = (): void => {
      while (written < whole) {
        written += 65_536;
        if (!socket.write(Buffer.alloc(65_536))) return;
      }
      socket.end();
    };
    socket.on("drain", more);
    more();
  });
  const target = `allowed.test:${await subject.serve(server)}`;
  subject.allow.push(target);
  const { socket } = await subject.tunnel(target);
  let before = -1;
  await expect.poll(() => before === (before = written), { interval: 100 }).toBe(true);
  expect(written).toBeLessThan(whole / 2);
  let length = 0;
  for await (const part of socket) length += (part as Buffer).length;
  expect(length).toBe(whole);
});

test("A connection over which nothing goes for ten minutes is ended, and one in use is not", async () => {
  await using subject = await openSubject();
  const target = `allowed.test:${await subject.serve(echo())}`;
  subject.allow.push(target);
  const [idle, used] = await Promise.all([subject.tunnel(target), subject.tunnel(target)]);
  const ended = once(idle.socket.resume(), "close");
  const said = async (words: string): Promise<string> => {
    used.socket.write(words);
    return String((await once(used.socket, "data"))[0]);
  };
  for (const words of ["here", "still here", "and still"]) {
    await subject.clock.idle();
    subject.clock.advance(300_000);
    expect(await said(words)).toBe(words);
  }
  await ended;
});

test("What is taken off the list ends the connections that it had allowed, and leaves the others", async () => {
  await using subject = await openSubject();
  const port = await subject.serve(echo());
  subject.allow.push(`one.test:${port}`, `two.test:${port}`);
  const [one, two] = await Promise.all([subject.tunnel(`one.test:${port}`), subject.tunnel(`two.test:${port}`)]);
  const ended = once(one.socket.resume(), "close");
  subject.allow.shift();
  subject.review();
  await ended;
  two.socket.write("on");
  expect(String((await once(two.socket, "data"))[0])).toBe("on");
});

test("The Box's end is the end of every connection", async () => {
  await using subject = await openSubject();
  const gone = Promise.withResolvers<void>();
  const server = createServer((socket) => void socket.on("error", () => undefined).on("close", () => gone.resolve()));
  const target = `allowed.test:${await subject.serve(server)}`;
  subject.allow.push(target);
  await subject.tunnel(target);
  await subject.box[Symbol.asyncDispose]();
  await expect(gone.promise).resolves.toBeUndefined();
});
