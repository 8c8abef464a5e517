import { createConnection, type Connection } from "@ws/rpc-contract/connection";
import type { Io } from "../io.ts";
import { listenForNudges } from "./nudges.ts";

/** The way to the agent, which is tried again at once when this machine's network changes or somebody asks for it. */
export function nudgedConnection(io: Pick<Io, "stdin" | "onContinue" | "isForeground">): Connection {
  let onNetwork = (): void => undefined;
  let stopListening: (() => void) | undefined;
  const connection = createConnection({
    wake(listener) {
      onNetwork = listener;
      return () => stopListening?.();
    },
  });
  connection.subscribe(() => {
    if (connection.state().kind === "down") {
      stopListening ??= listenForNudges({ io, onNetwork, onPerson: connection.retryNow });
    } else {
      stopListening?.();
      stopListening = undefined;
    }
  });
  return connection;
}
