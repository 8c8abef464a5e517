import type { PairingEvent } from "@ws/rpc-contract";
import { showPairingCode } from "@ws/rpc-contract/pairing";
import { PAIRED_IDLE_MS } from "../access/browser-life.ts";
import { freeDeviceName } from "../access/device-names.ts";
import { pairingLink } from "../pairing/link.ts";
import { createPairing, type PairingNews } from "../pairing/pairing.ts";
import type { Services } from "./context.ts";
import { deviceNamed, showDevice } from "./devices.ts";
import type { Guarded } from "./guard.ts";
import { untilGone } from "./until.ts";

export function pairingRouter(guard: Guarded, services: Services) {
  const os = guard.pairing;
  const { state, redactor, clock, throttle, log, config, hostname, version, closing } = services;
  const { tokens, audit } = state;

  const pairing = createPairing({
    clock,
    throttle,
    closing,
    admit({ name: wanted, ...device }, scope) {
      const name = freeDeviceName(state, wanted);
      const life = device.kind === "browser" ? { idleMs: PAIRED_IDLE_MS } : {};
      const made = tokens.create({ name, scope, device, ...life });
      redactor.add(made.token);
      services.sshPorts.keysChanged();
      return { token: made.token, device: made.id, scope };
    },
    guessed(peer) {
      log.warn("wrong codes ended a pairing", { peer });
      audit.append({ who: peer, action: "pairing.guess", outcome: "pairing_failed" });
    },
  });

  /** Whether who opened a code is let in now; this machine's own user always is. */
  function isStillGood(opener: string | undefined): boolean {
    if (opener === undefined || tokens.get(opener) !== undefined) return true;
    return state.tailnetNodes.list().some(({ id }) => id === opener);
  }

  function show(news: PairingNews): PairingEvent {
    if (news.type !== "paired") return news;
    return { type: "paired", device: showDevice(deviceNamed(state, news.device)) };
  }

  return os.router({
    open: os.open.handler(({ input: { scope = "admin", attended = false }, context: { caller } }) => {
      const mayStill = (): boolean => isStillGood(caller?.token?.id);
      const { id, code, expiresAt } = pairing.open(scope, { mayStill, attended });
      for (const secret of [code, showPairingCode(code)]) redactor.add(secret);
      const { address = services.dashboard(), pin } = services.secured() ?? {};
      const shown = pairingLink(address, config.get("host"), code);
      return {
        id,
        code: showPairingCode(code),
        expires: new Date(expiresAt).toISOString(),
        scope,
        ...shown,
        ...(pin === undefined ? {} : { pin }),
      };
    }),
    close: os.close.handler(({ input }) => {
      pairing.close(input.id);
      return { success: true };
    }),
    watch: os.watch.handler(async function* ({ input, context, signal }) {
      for await (const news of pairing.watch(input.id, untilGone(services, context, signal))) yield show(news);
    }),
    begin: os.begin.handler(({ input, context: { peer, pin } }) => {
      const { id: session, serverNonce: nonce } = pairing.begin(input.nonce, { peer, pin });
      return { session, nonce, pin, worker: { id: state.meta.instance, name: hostname, version } };
    }),
    finish: os.finish.handler(async ({ input, context: { peer, pin } }) => {
      const paired = await pairing.finish(input, { peer, pin });
      return { ...paired, name: tokens.get(paired.device)?.name ?? input.device.name };
    }),
  });
}
