import { useQuery } from "@tanstack/react-query";
import { Download, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Link } from "react-router";
import { useInstall } from "../install/use-install.ts";
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

const MAY = {
  admin: "Administrator",
  write: "May change workspaces",
  read: "May look",
  workspace: "For one workspace",
};

export default function SettingsItems({ signOut, ...pressed }: { signOut: () => void } & Pressed) {
  const { theme, hub } = useServices();
  const install = useInstall();
  const caller = useQuery(hub.auth.whoami.queryOptions()).data;
  const choice = useSyncExternalStore(theme.subscribe, theme.choice);
  return (
    <PressedMenu {...pressed}>
      {caller !== undefined && (
        <>
          <div className="max-w-64 px-2.5 py-1.5 text-[0.8125rem] text-muted">
            <p className="truncate text-sm font-medium text-ink" title={caller.who}>
              {caller.who}
            </p>
            <p>{MAY[caller.scope]}</p>
          </div>
          <DropdownMenuSeparator />
        </>
      )}
      <DropdownMenuRadioGroup value={choice} onValueChange={(value) => theme.choose(value as ThemeChoice)}>
        {themes.map(({ value, label, Icon }) => (
          <DropdownMenuRadioItem key={value} value={value}>
            <Icon aria-hidden />
            {label}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuItem asChild>
        <Link to="/settings">
          <Settings aria-hidden />
          Settings
        </Link>
      </DropdownMenuItem>
      {install.by === "press" && (
        <DropdownMenuItem onSelect={() => void install.install()}>
          <Download aria-hidden />
          Install app
        </DropdownMenuItem>
      )}
      <DropdownMenuItem onSelect={signOut}>
        <LogOut aria-hidden />
        Sign out
      </DropdownMenuItem>
    </PressedMenu>
  );
}
