import { CircleUser } from "lucide-react";
import { MenuButton } from "./menu-button.tsx";
import { Button } from "./ui/button.tsx";

export const loadSettings = () => import("./settings-items.tsx");

/** Who this browser is to the worker: its theme, the settings, and its sign-in. */
export function SettingsMenu({ signOut }: { signOut: () => void }) {
  return (
    <MenuButton
      trigger={
        <Button variant="ghost" size="icon" aria-label="Account">
          <CircleUser aria-hidden />
        </Button>
      }
      load={loadSettings}
      given={{ signOut }}
    />
  );
}
