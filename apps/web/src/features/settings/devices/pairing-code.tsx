import { CircleCheck } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { LoadingLines } from "../../../components/loading-lines.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { DialogBody, DialogFooter } from "../../../components/ui/dialog.tsx";
import { OpenCode } from "./open-code.tsx";
import type { PairingScope, PairingState } from "./pairing-here.ts";
import { usePairing } from "./use-pairing.ts";

interface PairingCodeProps {
  scope: PairingScope;
  /** Makes another code. */
  again: () => void;
  close: () => void;
  onPaired: () => void;
}

const ENDED: Readonly<Record<Extract<PairingState, { kind: "ended" }>["why"], string>> = {
  expired: "Ten minutes are over: nobody has used the code.",
  closed: "The code was closed: from elsewhere, or because this page was out of touch with the worker.",
  replaced: "Another code was made elsewhere, in place of this one.",
  guessed: "Five wrong codes came, so this one is no good any more: somebody may be guessing.",
};

/** A code, from its making to the device that has used it, or to why none can any more. */
export function PairingCode({ scope, again, close, onPaired }: PairingCodeProps) {
  const state = usePairing(scope);
  const isPaired = state.kind === "paired";
  useEffect(() => {
    if (isPaired) onPaired();
  }, [isPaired, onPaired]);
  switch (state.kind) {
    case "opening":
      return (
        <Frame close={close} action="Cancel">
          <LoadingLines label="Making a code…" widths={["w-44", "w-56", "w-36"]} className="min-h-48 py-2" />
        </Frame>
      );
    case "failed":
      return (
        <Frame close={close} again={again}>
          <Notice tone="bad" title="No code was made" urgent>
            <ProblemText problem={state.problem} />
          </Notice>
        </Frame>
      );
    case "open":
      return (
        <Frame close={close} action="Cancel the code">
          <OpenCode open={state.open} refused={state.refused} />
        </Frame>
      );
    case "ended":
      return (
        <Frame close={close} again={again}>
          <Notice tone="warn" title={ENDED[state.why]} urgent />
        </Frame>
      );
    case "paired": {
      const { name, platform } = state.device;
      return (
        <Frame close={close} action="Done">
          <div role="status" className="flex items-start gap-3 py-2">
            <CircleCheck className="mt-0.5 size-5 shrink-0 text-good" aria-hidden />
            <div className="min-w-0">
              <p className="font-medium break-words">{name} is paired</p>
              <p className="text-sm break-words text-muted">
                {platform === "" ? "It" : platform} can use this worker now. Was that not your device, revoke it in the
                list.
              </p>
            </div>
          </div>
        </Frame>
      );
    }
  }
}

interface FrameProps {
  children: ReactNode;
  close: () => void;
  action?: string;
  again?: () => void;
}

function Frame({ children, close, action = "Close", again }: FrameProps) {
  return (
    <>
      <DialogBody>{children}</DialogBody>
      <DialogFooter>
        <Button onClick={close}>{action}</Button>
        {again !== undefined && (
          <Button variant="primary" onClick={again}>
            Make a new code
          </Button>
        )}
      </DialogFooter>
    </>
  );
}
