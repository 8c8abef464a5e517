import { pairDevice } from "@ws/rpc-contract/pair-device";
import type { AgentClient } from "@ws/rpc-contract/client";
import { describeBrowser } from "./browser-name.ts";
import type { Grant } from "./session.ts";

/** Makes this browser known to the worker whose page this is. A page sees no certificate: the browser has judged that. */
export async function pairBrowser(client: AgentClient, code: string, userAgent: string): Promise<Required<Grant>> {
  const { name, platform } = describeBrowser(userAgent);
  const { token, device } = await pairDevice({
    client,
    code,
    device: { name, kind: "browser", platform },
    pin: undefined,
  });
  return { token, id: device };
}
