import type { CredentialInfo } from "@ws/rpc-contract";
import { Ellipsis, Eye, EyeOff, RefreshCw, Trash2 } from "lucide-react";
import { Button } from "../../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "../../../components/ui/dropdown-menu.tsx";

/** What is asked before it is done. */
export type Asked = "replace" | "expose" | "remove";

interface CredentialActionsProps {
  credential: CredentialInfo;
  ask: (what: Asked) => void;
}

/** What can be done with a credential. */
export function CredentialActions({ credential: { name, type, exposed }, ask }: CredentialActionsProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="iconSmall" aria-label={`Actions for ${name}`}>
          <Ellipsis aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {/* A login is made anew, and an app set up, under GitHub. */}
        {type !== "oauth" && type !== "github_app" && (
          <DropdownMenuItem onSelect={() => ask("replace")}>
            <RefreshCw aria-hidden />
            Replace…
          </DropdownMenuItem>
        )}
        {exposed !== undefined && (
          <DropdownMenuItem onSelect={() => ask("expose")}>
            {exposed ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
            {exposed ? "Keep out of workspaces…" : "Expose in workspaces…"}
          </DropdownMenuItem>
        )}
        <DropdownMenuItem danger onSelect={() => ask("remove")}>
          <Trash2 aria-hidden />
          Remove…
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
