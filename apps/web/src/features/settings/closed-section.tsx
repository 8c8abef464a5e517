import { Lock } from "lucide-react";
import type { CallerInfo } from "@ws/rpc-contract";
import { EmptyState } from "../../components/ui/empty-state.tsx";
import { SettingsHeader } from "./settings-header.tsx";
import type { Scope } from "./scope.ts";

/** In place of a section that the token of this browser is not enough for. */
export function ClosedSection({ caller, needs }: { caller: CallerInfo; needs: Scope }) {
  return (
    <>
      <SettingsHeader />
      <EmptyState
        Icon={Lock}
        title={needs === "admin" ? "For administrators" : "Not with this browser's token"}
        command="ws open"
      >
        This browser came in as <span className="font-mono break-all">{caller.who}</span>, which may{" "}
        {caller.scope === "read" ? "only look" : "not change the worker itself"}. A link that is made on the worker
        signs in an administrator:
      </EmptyState>
    </>
  );
}
