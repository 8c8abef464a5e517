import { createSockets, type Sockets } from "./http/sockets.ts";
import type { Authenticator } from "./http/authenticate.ts";
import type { TerminalSockets } from "./rpc/context.ts";
import type { State } from "./store/store.ts";

export interface StreamsOptions {
  authenticator: Authenticator;
  state: State;
}

/** The WebSockets of terminals and commands, as the server and the procedures use them. */
export interface Streams extends TerminalSockets, AsyncDisposable {
  sockets: () => Promise<Sockets>;
}

export function createStreams({ authenticator, state }: StreamsOptions): Streams {
  const find = (name: string): string | undefined => state.workspaces.getByName(name)?.id;
  let loading: Promise<Sockets> | undefined;

  async function load(): Promise<Sockets> {
    return createSockets({ authenticator, find, accept: ({ socket }) => socket.close(1011, "not available") });
  }

  return {
    sockets: () => (loading ??= load()),
    connections: () => 0,
    viewers: () => 0,
    disconnect: () => undefined,
    async [Symbol.asyncDispose]() {
      (await loading)?.[Symbol.dispose]();
    },
  };
}
