import type { AgentClient } from "@ws/rpc-contract/client";

export interface CredentialsNews extends Disposable {
  /** To be called whenever the worker is reached: listens, unless it does already. */
  listen(): void;
  /** Whether the worker has said, since this began, that the workspace's variables or files are others than before. */
  heard(): boolean;
}

/** What a program that was begun before cannot know. Nothing depends on it: where the worker does not say it, it is not told. */
export function credentialsNews(client: AgentClient, name: string): CredentialsNews {
  const over = new AbortController();
  let listening = false;
  let heard = false;

  async function follow(): Promise<void> {
    for await (const event of await client.workspaces.events({ name }, { signal: over.signal })) {
      if (event.type === "credentials") heard = true;
      // Once is enough.
      if (heard) return over.abort();
    }
  }

  return {
    listen() {
      if (listening || over.signal.aborted) return;
      listening = true;
      const stopped = (): void => void (listening = false);
      follow().then(stopped, stopped);
    },
    heard: () => heard,
    [Symbol.dispose]: () => over.abort(),
  };
}
