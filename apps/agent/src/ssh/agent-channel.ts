import type { ByteChannel } from "@ws/workspace-core";
import type { Connection, ServerChannel } from "ssh2";
import type { SshConnection } from "./connection.ts";
import type { SshPlace } from "./place.ts";
import { join } from "./streams.ts";

/** The client's SSH agent, as its sessions in the workspace find it. */
export interface ForwardedAgent extends AsyncDisposable {
  /** A session asks for it: all that begin from now on have it, as with sshd. */
  ask(): void;
  /** A socket in the workspace that leads to it; undefined where nobody has asked, or none may be, or can be, made. */
  socket(): Promise<string | undefined>;
}

/** Whoever asks for it lets the workspace's programs sign with the keys of his agent, as long as his connection stays. */
export function createForwardedAgent({ client, isCrowded, take }: SshConnection, place: SshPlace): ForwardedAgent {
  let isAsked = false;
  let opening: Promise<{ path: string; stack: AsyncDisposableStack }> | undefined;

  async function open(): Promise<{ path: string; stack: AsyncDisposableStack }> {
    const way = await place.enter();
    if (way.profile === "agent") throw new Error("code that is not trusted is lent no keys");
    await using stack = new AsyncDisposableStack();
    const directory = await makeDirectory(way);
    stack.defer(async () => void (await way.run(["rm", "-rf", "--", directory])));
    const path = `${directory}/agent`;
    const lead = (bytes: ByteChannel): void => {
      if (isCrowded()) return bytes.destroy();
      openAgentChannel(client, (channel) => {
        const opened = take(channel);
        if (opened === undefined) bytes.destroy();
        else join(opened, bytes).catch(() => undefined);
      });
    };
    stack.use(await way.listenAt(path, lead));
    stack.defer(place.lend());
    return { path, stack: stack.move() };
  }

  return {
    ask: () => void (isAsked = true),
    async socket() {
      if (!isAsked) return undefined;
      opening ??= open();
      // Without one the command runs all the same, as sshd has it.
      return opening.then(
        ({ path }) => path,
        () => undefined,
      );
    },
    async [Symbol.asyncDispose]() {
      const opened = await opening?.catch(() => undefined);
      await opened?.stack.disposeAsync();
    },
  };
}

/** Nobody else of the workspace's machine looks into it. What makes it is whatever the workspace has by that name. */
async function makeDirectory(way: Awaited<ReturnType<SshPlace["enter"]>>): Promise<string> {
  const enough = new AbortController();
  const { stdout, exit } = await way.run(["mktemp", "-d", "/tmp/ws-ssh-XXXXXXXX"], { signal: enough.signal });
  let text = "";
  for await (const bytes of stdout) {
    text += new TextDecoder().decode(bytes);
    if (text.length <= LONGEST_PATH) continue;
    // It may go on for ever.
    exit.catch(() => undefined);
    enough.abort();
    throw new Error("what should make a directory says too much");
  }
  const { code } = await exit;
  const directory = text.trim();
  if (code !== 0 || !/^\/tmp\/ws-ssh-\w+$/.test(directory)) throw new Error("no directory was made");
  return directory;
}

const LONGEST_PATH = 4_096;

interface Inner {
  _chanMgr?: { add(opened: object): number };
  _protocol?: { openssh_authAgent(channel: number, window: number, packet: number): void };
}

const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

/** The library's server opens channels of every kind but this one, though its protocol knows it. */
function openAgentChannel(client: Connection, done: (channel: ServerChannel | undefined) => void): void {
  const { _chanMgr: channels, _protocol: protocol } = client as unknown as Inner;
  const opened = Object.assign(
    (error: Error | undefined, channel: ServerChannel) => done(error === undefined ? channel : undefined),
    { type: "auth-agent@openssh.com" },
  );
  const id = channels?.add(opened) ?? -1;
  if (id === -1 || protocol === undefined) return done(undefined);
  protocol.openssh_authAgent(id, WINDOW, PACKET);
}
