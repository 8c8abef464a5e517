import { useEffect, useState } from "react";
import { followStream } from "../../../follow-stream.ts";
import { useServices } from "../../../services.ts";
import { pairHere, type PairingScope, type PairingState } from "./pairing-here.ts";

/** A code for one device, open for as long as what uses it is shown. */
export function usePairing(scope: PairingScope): PairingState {
  const { client, connection } = useServices();
  const [state, tell] = useState<PairingState>({ kind: "opening" });
  useEffect(() => {
    const watch: Parameters<typeof pairHere>[0]["watch"] = (id, onEvent) =>
      followStream({
        connection,
        open: (signal) => client.pairing.watch({ id }, { signal }),
        onEvent,
        onLost: () => undefined,
      });
    const { leave } = pairHere({ pairing: client.pairing, watch, scope, tell });
    return leave;
  }, [client, connection, scope]);
  return state;
}
