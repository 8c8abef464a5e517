import { Bot, Plus } from "lucide-react";
import { Button } from "../../../components/ui/button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "../../../components/ui/dropdown-menu.tsx";
import type { AddedKind } from "./form.ts";
import { KINDS } from "./kinds.ts";

const ADDED: readonly { kind: AddedKind; label: string; Icon: typeof Bot }[] = [
  { kind: "tool", label: "Key of a coding tool…", Icon: Bot },
  { kind: "env", label: "Environment variable…", Icon: KINDS.env.Icon },
  { kind: "pat", label: "Token of a forge…", Icon: KINDS.pat.Icon },
  { kind: "ssh_key", label: "SSH key…", Icon: KINDS.ssh_key.Icon },
  { kind: "file", label: "File…", Icon: KINDS.file.Icon },
];

/** Which kind of credential is to be added. */
export function AddMenu({ add }: { add: (kind: AddedKind) => void }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden />
          Add credential
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {ADDED.map(({ kind, label, Icon }) => (
          <DropdownMenuItem key={kind} onSelect={() => add(kind)}>
            <Icon aria-hidden />
            {label}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
