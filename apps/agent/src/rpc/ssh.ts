import type { SshInfo } from "@ws/rpc-contract";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

/** Each caller's own key and nobody else's: what it is good for is judged by the scope of the token that it comes with. */
export function sshRouter(guard: Guarded, { state: { meta, sshKeys }, hostKey, sshPorts }: Services) {
  const os = guard.ssh;

  async function show(caller: Caller): Promise<SshInfo> {
    const key = sshKeys.of(caller);
    return { worker: meta.instance, hostKey: (await hostKey()).public, ...(key === undefined ? {} : { key }) };
  }

  return os.router({
    info: os.info.handler(({ context: { caller = LOCAL_ADMIN } }) => show(caller)),
    setKey: os.setKey.handler(async ({ input: { key }, context: { caller = LOCAL_ADMIN } }) => {
      const { parsePublicKey } = await import("../ssh/authorize.ts");
      sshKeys.set(caller, key === undefined ? undefined : parsePublicKey(key));
      sshPorts.keysChanged();
      return show(caller);
    }),
  });
}
