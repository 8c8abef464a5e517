import { PencilLine, Share2 } from "lucide-react";
import type { Pressed } from "../../components/menu-button.tsx";
import { DropdownMenuItem, PressedMenu } from "../../components/ui/dropdown-menu.tsx";

/** What can be done to a terminal beside using it. */
export default function TerminalItems({
  rename,
  share,
  ...pressed
}: { rename: () => void; share: () => void } & Pressed) {
  return (
    <PressedMenu {...pressed} modal={false}>
      <DropdownMenuItem onSelect={rename}>
        <PencilLine aria-hidden />
        Rename…
      </DropdownMenuItem>
      <DropdownMenuItem onSelect={share}>
        <Share2 aria-hidden />
        Share…
      </DropdownMenuItem>
    </PressedMenu>
  );
}
