import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toWsError, type WayIn } from "@ws/workspace-core";
import { createFakeBox, createFakeRuntime, type FakeProgram } from "@ws/workspace-core/testing";
import ssh2 from "ssh2";
import { onTestFinished } from "vitest";
import { parsePublicKey } from "../ssh/authorize.ts";
import { loadHostKey } from "../ssh/host-key.ts";
import { isKey } from "../ssh/known-key.ts";
import type { SshPlace } from "../ssh/place.ts";
import { serveSsh } from "../ssh/server.ts";
import { createSilentLog } from "./silent-log.ts";

export const KEYS = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });

export function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), "ws-ssh-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A workspace whose every command is the given program, served on a port of this machine. */
export async function serveTestSsh(
  program: FakeProgram,
  changes: Partial<WayIn & Pick<SshPlace, "connect" | "enter" | "begin" | "lend">> = {},
  further: Record<string, FakeProgram> = {},
) {
  const runtime = createFakeRuntime({
    now: () => 0,
    openBox: (home, ended) => createFakeBox(home, ended, { "/bin/sh": program, ...further }),
  });
  const spec = { id: "ws-000001", name: "demo", profile: "person", limits: {} } as const;
  await runtime.create(spec);
  await runtime.start(spec);
  const box = await runtime.open(spec.id);
  const way: WayIn = {
    home: box.home,
    directory: undefined,
    profile: "person",
    run: box.run,
    openPty: box.openPty,
    listen: box.listen,
    listenAt: box.listenAt,
    ...changes,
  };
  const audit: [string, string, number | undefined][] = [];
  const place: SshPlace = {
    enter: changes.enter ?? (async () => way),
    connect: changes.connect ?? (async () => Promise.reject(new Error("refused"))),
    begin: changes.begin ?? ((command) => (outcome, exitCode) => void audit.push([String(command), outcome, exitCode])),
    lend: changes.lend ?? (() => () => undefined),
    report: (error) => ({ code: toWsError(error).code, message: toWsError(error).message }),
  };
  const hostKey = loadHostKey(temporary());
  const transports: Socket[] = [];
  const server = createServer((socket) => {
    transports.push(socket);
    const key = parsePublicKey(KEYS.public);
    const known = (offered: Buffer) => (isKey(key, offered) ? { key, place } : undefined);
    serveSsh(socket, { hostKey, known, log: createSilentLog() });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    audit,
    /** The server's ends of all connections so far. */
    transports,
    async logIn(options: Partial<ssh2.ConnectConfig> = { privateKey: KEYS.private }): Promise<ssh2.Client> {
      const client = new ssh2.Client();
      onTestFinished(() => void client.destroy());
      const ready = Promise.withResolvers<void>();
      client.on("ready", ready.resolve);
      client.on("error", ready.reject);
      client.connect({
        host: "127.0.0.1",
        port,
        username: "whoever",
        hostVerifier: (presented: Buffer) => presented.toString("base64") === hostKey.public.split(" ")[1],
        ...options,
      });
      await ready.promise;
      client.on("error", () => undefined);
      return client;
    },
  };
}

export interface Ran {
  out: string;
  err: string;
  code: number | null;
  signal: string | undefined;
}

export function run(client: ssh2.Client, command: string, options: ssh2.ExecOptions = {}, input = ""): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  client.exec(command, options, (error, channel) => {
    if (error !== undefined) return reject(error);
    const ran: Ran = { out: "", err: "", code: null, signal: undefined };
    channel.on("data", (chunk: Buffer) => (ran.out += chunk.toString()));
    channel.stderr.on("data", (chunk: Buffer) => (ran.err += chunk.toString()));
    channel.on("exit", (code: number | null, signal?: string) => Object.assign(ran, { code, signal }));
    channel.on("close", () => resolve(ran));
    channel.end(input);
  });
  return promise;
}
