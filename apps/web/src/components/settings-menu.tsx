import { Settings2 } from "lucide-react";
import { MenuButton } from "./menu-button.tsx";
import { Button } from "./ui/button.tsx";

export const loadSettings = () => import("./settings-items.tsx");

/** What belongs to this browser: its theme and its sign-in. */
export function SettingsMenu({ signOut }: { signOut: () => void }) {
  return (
    <MenuButton
      trigger={
        <Button variant="ghost" size="icon" aria-label="Settings of this browser">
          <Settings2 aria-hidden />
        </Button>
      }
      load={loadSettings}
      given={{ signOut }}
    />
  );
}
