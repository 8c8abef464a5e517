import { EllipsisVertical } from "lucide-react";
import { MenuButton } from "../../../components/menu-button.tsx";
import { Button } from "../../../components/ui/button.tsx";
import type { ActionsOf } from "./ask.ts";

export const loadActions = () => import("./actions-items.tsx");

/** Everything that can be done to one workspace. */
export function ActionsMenu(props: ActionsOf) {
  return (
    <MenuButton
      trigger={
        <Button variant="ghost" size="icon" aria-label={`Actions for ${props.workspace.name}`}>
          <EllipsisVertical aria-hidden />
        </Button>
      }
      load={loadActions}
      given={props}
    />
  );
}
