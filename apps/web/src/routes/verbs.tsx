import { Box, LogOut, Monitor, Moon, Plus, Sun } from "lucide-react";
import { useNavigate } from "react-router";
import { useVerbs } from "../components/verbs/verbs-context.tsx";
import type { Verb } from "../components/verbs/verbs.ts";
import { VerbPanels } from "../features/palette/verb-panels.tsx";
import { lastOfRepository } from "../features/workspaces/names.ts";
import { statusOf } from "../components/workspace-status/status-of.ts";
import { useLiveParts } from "../live/live-context.tsx";
import { useServices } from "../services.ts";
import { DESTINATIONS } from "./destinations.ts";
import { PARTS } from "./parts.ts";
import { useSettingsVerbs } from "./use-settings-verbs.ts";

const THEMES = [
  { choice: "light", label: "Light theme", icon: Sun },
  { choice: "dark", label: "Dark theme", icon: Moon },
  { choice: "system", label: "Theme like the system", icon: Monitor },
] as const;

/** What can be done from every page: go anywhere, make a workspace, choose a theme, sign out. */
export function DashboardVerbs({ signOut }: { signOut: () => void }) {
  const navigate = useNavigate();
  const { workspaces } = useLiveParts();
  const { theme } = useServices();
  const go = (to: string) => () => void navigate(to);
  useSettingsVerbs();

  useVerbs((): Verb[] => [
    ...DESTINATIONS.map(({ to, label, Icon, key }) => ({
      id: `go ${to}`,
      label,
      group: "Go to",
      icon: Icon,
      keys: `g ${key}`,
      run: go(to),
    })),
    {
      id: "go /compare",
      label: "Compare attempts",
      group: "Go to",
      words: "fan-out tries several best",
      keys: "g c",
      run: go("/compare"),
    },
    {
      id: "workspace.new",
      label: "New workspace",
      group: "Do",
      words: "create clone add",
      icon: Plus,
      keys: "n",
      run: go("/new"),
    },
    ...THEMES.map(({ choice, label, icon }) => ({
      id: `theme.${choice}`,
      label,
      group: "This browser",
      words: "appearance colours mode",
      icon,
      run: () => theme.choose(choice),
    })),
    {
      id: "session.sign-out",
      label: "Sign out",
      group: "This browser",
      words: "log out leave",
      icon: LogOut,
      run: signOut,
    },
  ]);

  useVerbs(() =>
    (workspaces.state().workspaces ?? []).flatMap((workspace): Verb[] => {
      const { id, name, repo, branch, execution } = workspace;
      const words = [repo, branch, execution?.id, statusOf(workspace).label].join(" ");
      const to = `/w/${name}`;
      return [
        {
          id: `open ${id}`,
          label: name,
          group: "Workspaces",
          words,
          detail: [statusOf(workspace).label, repo === undefined ? undefined : lastOfRepository(repo)]
            .filter((text) => text !== undefined)
            .join(" · "),
          icon: Box,
          searchedOnly: true,
          run: go(to),
        },
        ...Object.entries(PARTS).map(([part, { title, Icon }]) => ({
          id: `open ${id} ${part}`,
          label: `${name}: ${title}`,
          group: "Workspaces",
          searchedOnly: true as const,
          icon: Icon,
          run: go(`${to}/${part}`),
        })),
      ];
    }),
  );
  return <VerbPanels />;
}
