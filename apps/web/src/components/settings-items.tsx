import { LogOut, Monitor, Moon, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useServices } from "../services.ts";
import type { ThemeChoice } from "../theme.ts";
import type { Pressed } from "./menu-button.tsx";
import {
  DropdownMenuItem,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  PressedMenu,
} from "./ui/dropdown-menu.tsx";

const themes = [
  { value: "system", label: "Like the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
] as const;

export default function SettingsItems({ signOut, ...pressed }: { signOut: () => void } & Pressed) {
  const { theme } = useServices();
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <PressedMenu {...pressed}>
      <DropdownMenuRadioGroup value={choice} onValueChange={(value) => theme.choose(value as ThemeChoice)}>
        {themes.map(({ value, label, Icon }) => (
          <DropdownMenuRadioItem key={value} value={value}>
            <Icon aria-hidden />
            {label}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuItem onSelect={signOut}>
        <LogOut aria-hidden />
        Sign out
      </DropdownMenuItem>
    </PressedMenu>
  );
}
