import { Command } from "../../../components/command.tsx";
import { Notice } from "../../../components/notice.tsx";
import { CopyButton } from "../../../components/ui/copy-button.tsx";
import { useNow } from "../../../components/use-now.ts";
import { useServices } from "../../../services.ts";
import { scopeText } from "../scopes.ts";
import type { PairingState } from "./pairing-here.ts";
import { commandForOthers, linkForOthers } from "./pairing-link.ts";
import { QrCode } from "./qr-code.tsx";

type Open = Extract<PairingState, { kind: "open" }>;

interface OpenCodeProps {
  open: Open["open"];
  refused: Open["refused"] | undefined;
}

/** A code that a device can be let in by now, in each way that it can be told to one. */
export function OpenCode({ open: { code, expires, scope, pin, ...way }, refused }: OpenCodeProps) {
  const { worker } = useServices();
  const link = linkForOthers(way, { origin: location.origin, worker });
  return (
    <div className="space-y-4">
      {refused !== undefined && (
        <Notice tone="warn" title={`A wrong code came from ${refused.peer}`} urgent>
          <p className="text-muted">
            {refused.left === 1 ? "One more and this code ends." : `${refused.left} more and this code ends.`}
          </p>
        </Notice>
      )}
      <div className="flex flex-col items-center gap-5 sm:flex-row sm:items-start">
        {link !== undefined && <QrCode text={link} label="The link as a QR code" />}
        <div className="w-full min-w-0 flex-1 space-y-3">
          <div>
            <p className="flex items-center gap-2">
              <span className="font-mono text-2xl font-semibold tracking-wide">{code}</span>
              <CopyButton text={code} label="Copy code" />
            </p>
            <p className="text-[0.8125rem] text-muted">
              For one device, {scopeText(scope)}. <Countdown expires={expires} />
            </p>
          </div>
          {link === undefined ? <OnlyHere link={way.link} code={code} /> : <Ways link={link} code={code} />}
          {pin !== undefined && (
            <p className="text-[0.8125rem] text-muted">
              The other device shows the worker's key as{" "}
              <span className="font-mono text-xs break-all text-ink">{pin}</span>
            </p>
          )}
          <p role="status" className="text-[0.8125rem] text-muted">
            Waiting for the device.
          </p>
        </div>
      </div>
    </div>
  );
}

function Ways({ link, code }: { link: string; code: string }) {
  return (
    <>
      <LinkLine says="Scan the picture with a phone, or open the link in the other browser:" link={link} />
      <div className="text-sm">
        <p className="mb-1 text-muted">Or type on its command line:</p>
        <Command>{commandForOthers(link, code)}</Command>
      </div>
    </>
  );
}

/** What would bring another device here, where nothing but this machine is answered. */
function OnlyHere({ link, code }: { link: string; code: string }) {
  const { port } = new URL(link);
  return (
    <>
      <LinkLine says="Another browser of the worker's own machine opens:" link={link} />
      <Notice tone="warn" title="This worker answers on its own machine only">
        <div className="space-y-2 text-muted">
          <p>For other devices, start it so:</p>
          <Command>ws agent run --listen 0.0.0.0 --tls</Command>
          <p>Or lead its port to the other device, and pair there:</p>
          <Command>{`ssh -N -L ${port}:127.0.0.1:${port} WORKER`}</Command>
          <Command>{`ws pair 127.0.0.1:${port} ${code}`}</Command>
        </div>
      </Notice>
    </>
  );
}

function LinkLine({ says, link }: { says: string; link: string }) {
  return (
    <div className="text-sm">
      <p className="mb-1 text-muted">{says}</p>
      <p className="flex items-center gap-1 rounded-lg border border-line bg-ground py-1 pr-1 pl-3">
        <span className="min-w-0 flex-1 font-mono text-[0.8125rem] break-all" data-link>
          {link}
        </span>
        <CopyButton text={link} label="Copy link" />
      </p>
    </div>
  );
}

/** By this browser's clock; when the code has ended, the worker says so. */
function Countdown({ expires }: { expires: string }) {
  const now = useNow(true);
  const seconds = Math.max(0, Math.ceil((Date.parse(expires) - now) / 1_000));
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span role="timer" aria-live="off" className="tabular-nums">
      Good for {left}.
    </span>
  );
}
