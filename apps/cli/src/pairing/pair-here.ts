import { setTimeout as sleep } from "node:timers/promises";
import type { PairingEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { toJson } from "../output/json.ts";
import { localTime } from "../output/time.ts";
import { drawQr } from "./qr.ts";

type Open = Awaited<ReturnType<AgentClient["pairing"]["open"]>>;

/** Opens a pairing, shows its code, and waits until a device has used it. Ctrl-C closes it, and so does whatever ends the waiting. */
export async function pairHere(context: Context, client: AgentClient, scope: Open["scope"] | undefined): Promise<void> {
  const open = await client.pairing.open(scope === undefined ? {} : { scope });
  const { id } = open;
  const over = new AbortController();
  let isOpen = true;
  const off = context.io.onSignal(() => over.abort());
  try {
    const events = await client.pairing.watch({ id }, { signal: over.signal });
    show(context, open);
    for await (const event of events) {
      isOpen = event.type === "refused";
      if (tell(context, event)) return;
    }
    throw ended("closed");
  } catch (error) {
    // However the waiting went, the code is not to outlive it: nobody would see who guesses.
    const isClosed = !isOpen || (await closed(client, id));
    if (!over.signal.aborted) {
      if (!isClosed)
        context.hint(`The code could not be closed, and is good until ${localTime(open.expires).slice(-8)}.`);
      throw error;
    }
    throw new CliError("interrupted", "Closed: nobody can pair with this code any more.", {
      next: "Make a new one: ws pair.",
      exit: EXIT.interrupted,
      cause: error,
    });
  } finally {
    off();
  }
}

/** Whether it is closed now; an agent that does not answer in time may have forgotten it with its process. */
function closed(client: AgentClient, id: string): Promise<boolean> {
  const closing = client.pairing.close({ id }).then(
    () => true,
    () => false,
  );
  return Promise.race([closing, sleep(2_000, false, { ref: false })]);
}

function show(context: Context, open: Open): void {
  if (context.json) return context.print(toJson(open));
  const { code, link, scope, expires, reach, pin } = open;
  const { host, port } = new URL(link);
  const worker = port === "7391" ? host.slice(0, -":7391".length) : host;
  const what = scope === "admin" ? "one device" : `one device, which may ${scope}`;
  const lines = [
    ["Code", `${code}   for ${what}, until ${localTime(expires).slice(-8)}`],
    ["Type there", context.asCalled(`ws pair ${worker} ${code}`)],
    ["Or open", link],
    ...(pin === undefined ? [] : [["Pin", pin]]),
  ];
  context.print(lines.map(([title = "", text]) => `  ${title.padEnd(12)}${text}`).join("\n"));
  if (reach === "network") drawQr(context, link, lines.length);
  else {
    context.hint(`This worker answers on its own machine only. Start it with 'ws agent run --listen 0.0.0.0 --tls' for others, or lead
its port to the other device first, and use 127.0.0.1 there: ssh -N -L ${port}:127.0.0.1:${port} WORKER`);
  }
  context.hint("Waiting for the device. Ctrl-C closes the code.");
}

/** Whether that was all. Throws how the pairing ended otherwise. */
function tell(context: Context, event: PairingEvent): boolean {
  if (event.type === "ended") throw ended(event.why);
  if (event.type === "refused") {
    context.hint(`A wrong code came from ${event.peer}; ${event.left} more and this one ends.`);
    return false;
  }
  const { name, platform, id } = event.device;
  if (context.json) context.print(toJson(event));
  else context.print(`${name}  paired  ${platform}  ${id}`);
  return true;
}

const ENDED: Readonly<Record<Extract<PairingEvent, { type: "ended" }>["why"], string>> = {
  expired: "Ten minutes are over: nobody has used the code.",
  closed: "The code was closed from elsewhere.",
  replaced: "Another code was made in place of this one.",
  guessed: "Five wrong codes came, so this one is no good any more: somebody may be guessing.",
};

function ended(why: keyof typeof ENDED): CliError {
  return new CliError("pairing_failed", ENDED[why], { next: "Make a new one: ws pair.", exit: EXIT.failed });
}
