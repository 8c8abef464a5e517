import type { WorkspacePort } from "@ws/rpc-contract";
import { Copy, Ellipsis, ExternalLink, Pencil, Tag, Trash2 } from "lucide-react";
import { Badge } from "../../components/ui/badge.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Dot } from "../../components/ui/dot.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../../components/ui/dropdown-menu.tsx";
import { visible } from "../../components/visible.ts";
import { reachOf } from "./ports.ts";

interface PortRowProps {
  port: WorkspacePort;
  /** Why it cannot be opened here. */
  closed: string | undefined;
  opening: boolean;
  open: () => void;
  copyLink: () => void;
  copyForward: () => void;
  name: () => void;
  unname: () => void;
}

/** One port: whether something listens there, what, and what can be done with it. */
export function PortRow({ port, closed, opening, open, copyLink, copyForward, name, unname }: PortRowProps) {
  const { listening, label, program, pid, local } = port;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex min-w-0 items-center gap-2.5">
          <Dot tone={listening ? "good" : "plain"} />
          <span className="font-mono font-medium tabular-nums">{port.port}</span>
          {label !== undefined && <Badge>{label}</Badge>}
          <span className="sr-only">{listening ? "listening" : "nothing listens"}</span>
        </div>
        <p className="mt-0.5 pl-4.5 text-[0.8125rem] break-words text-muted">
          {listening ? (
            <>
              <span className="font-mono text-ink">
                {program === undefined ? "another user's program" : visible(program)}
              </span>
              {pid !== undefined && ` (${pid})`}, {reachOf(port)}
            </>
          ) : (
            "Nothing listens there now"
          )}
          {local !== undefined && `. On your machine: ${local}`}
        </p>
      </div>
      <div className="flex items-center gap-1">
        <Button
          size="small"
          disabled={!listening || closed !== undefined}
          title={closed}
          busy={opening}
          onClick={open}
          aria-label={`Open port ${port.port}`}
        >
          {!opening && <ExternalLink aria-hidden />}
          Open
        </Button>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="iconSmall" aria-label={`More for port ${port.port}`}>
              <Ellipsis aria-hidden />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent>
            <DropdownMenuItem disabled={!listening || closed !== undefined} onSelect={copyLink}>
              <Copy aria-hidden />
              Copy a one-time link
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={copyForward}>
              <Copy aria-hidden />
              Copy forward command
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem onSelect={name}>
              {label === undefined ? <Tag aria-hidden /> : <Pencil aria-hidden />}
              {label === undefined ? "Name it…" : "Change name…"}
            </DropdownMenuItem>
            {label !== undefined && (
              <DropdownMenuItem danger onSelect={unname}>
                <Trash2 aria-hidden />
                Take the name away
              </DropdownMenuItem>
            )}
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
    </li>
  );
}
