import {
  Bell,
  FileTerminal,
  GitPullRequest,
  Info,
  KeyRound,
  KeySquare,
  MonitorSmartphone,
  Network,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  SunMoon,
  Waypoints,
  type LucideIcon,
} from "lucide-react";
import type { ComponentType } from "react";
import { lazyPart } from "../../components/lazy-part.ts";
import type { Scope } from "./scope.ts";

/** A page of the settings, under its own address: `/settings/ID`. */
export interface SettingsSection {
  id: string;
  label: string;
  Icon: LucideIcon;
  /** What is in it, in a sentence. */
  about: string;
  group: keyof typeof GROUPS;
  /** What can be set there, in words that somebody may look for. */
  finds: readonly string[];
  /** The least that a token must be allowed to do for any of it to be seen; anybody's where absent. */
  needs?: Scope;
  Component: ComponentType;
}

/** In the order in which they are shown. */
export const GROUPS = {
  workspaces: "Workspaces",
  access: "Access",
  worker: "Worker",
  browser: "This browser",
} as const;

/** Those of one group stand together, in this order. */
export const SECTIONS: readonly SettingsSection[] = [
  {
    id: "credentials",
    label: "Credentials",
    Icon: KeyRound,
    about: "What workspaces may use: variables, files, and rights at forges. No secret is ever shown again.",
    group: "workspaces",
    finds: [
      "Environment variables",
      "Files",
      "Tokens of forges",
      "SSH keys",
      "API keys",
      "Secrets",
      "Expiry",
      "Grants",
    ],
    needs: "admin",
    Component: lazyPart(() => import("./credentials/credentials-section.tsx")),
  },
  {
    id: "github",
    label: "GitHub",
    Icon: GitPullRequest,
    about: "How the worker comes in at its GitHub: by your login, or as an app.",
    group: "workspaces",
    finds: ["Login by code", "Device login", "GitHub App", "Installations", "Private key", "Client ID", "Enterprise"],
    needs: "admin",
    Component: lazyPart(() => import("./forges/github-section.tsx")),
  },
  {
    id: "scripts",
    label: "Scripts",
    Icon: FileTerminal,
    about: "What runs in every workspace after it has started, to install and to set up.",
    group: "workspaces",
    finds: ["post-start", "Startup script", "Setup", "Time limit of scripts", "Fail on error", "Run scripts"],
    needs: "admin",
    Component: lazyPart(() => import("./scripts/scripts-section.tsx")),
  },
  {
    id: "providers",
    label: "Providers",
    Icon: Waypoints,
    about: "What leads from a reference in a prompt to something to work on.",
    group: "workspaces",
    finds: ["References", "Resolve a reference", "Plugins", "Projects"],
    needs: "read",
    Component: lazyPart(() => import("./providers/providers-section.tsx")),
  },
  {
    id: "policy",
    label: "Policy",
    Icon: ShieldCheck,
    about: "What may be seen, changed, pushed and run in every workspace of a repository.",
    group: "workspaces",
    finds: ["Read only", "Hidden paths", "Writable paths", "Branch", "Programs", "Push", "Repository rules"],
    Component: lazyPart(() => import("./policy/policy-section.tsx")),
  },
  {
    id: "devices",
    label: "Devices",
    Icon: MonitorSmartphone,
    about: "Which browsers, phones and command lines were let in, and a code with which another one pairs.",
    group: "access",
    finds: ["Pairing", "QR code", "Rename a device", "Revoke a device", "Sign out elsewhere", "SSH key"],
    Component: lazyPart(() => import("./devices/devices-section.tsx")),
  },
  {
    id: "tokens",
    label: "Tokens",
    Icon: KeySquare,
    about: "For scripts, pipelines and monitoring: what each may do, until when, and when it was used last.",
    group: "access",
    finds: ["API token", "Scope", "Expiry", "Metrics", "Revoke a token"],
    needs: "admin",
    Component: lazyPart(() => import("./tokens/tokens-section.tsx")),
  },
  {
    id: "workers",
    label: "Workers",
    Icon: Network,
    about: "Machines that dial out to this one and are used from here, and the hub that it dials out to itself.",
    group: "worker",
    finds: ["Hub", "Add a worker", "Rename a worker", "Remove a worker", "Join a hub"],
    Component: lazyPart(() => import("./workers/workers-section.tsx")),
  },
  {
    id: "worker",
    label: "Worker settings",
    Icon: SlidersHorizontal,
    about: "Every setting of this worker: where its value comes from, what else it can be, and when that takes effect.",
    group: "worker",
    finds: [
      "Port",
      "Address",
      "TLS",
      "Tailnet",
      "Time to live",
      "Image",
      "Egress",
      "Limits of tasks",
      "Hub",
      "Log level",
    ],
    needs: "admin",
    Component: lazyPart(() => import("./worker/worker-section.tsx")),
  },
  {
    id: "audit",
    label: "Audit log",
    Icon: ScrollText,
    about: "Who did what on this worker, what was refused, and when.",
    group: "worker",
    finds: ["History", "Who did it", "Refused"],
    needs: "admin",
    Component: lazyPart(() => import("./audit/audit-section.tsx")),
  },
  {
    id: "about",
    label: "About and diagnostics",
    Icon: Info,
    about:
      "Version, machine and addresses of this worker, a check of what works, and what to send on where something does not.",
    group: "worker",
    finds: ["Version", "Doctor", "Diagnostics bundle", "Addresses", "Uptime", "Metrics", "Licence", "Keys", "API"],
    Component: lazyPart(() => import("./about/about-section.tsx")),
  },
  {
    id: "notifications",
    label: "Notifications",
    Icon: Bell,
    about: "What this browser tells you of while you are away.",
    group: "browser",
    finds: ["Browser notifications", "Web Push", "Needs me", "Failed tasks", "Finished tasks", "Checks", "Limits"],
    Component: lazyPart(() => import("./notifications/notifications-section.tsx")),
  },
  {
    id: "appearance",
    label: "Appearance",
    Icon: SunMoon,
    about: "How the page and its terminals look in this browser.",
    group: "browser",
    finds: ["Theme", "Dark", "Light", "Motion", "Terminal font", "Terminal colours", "Cursor", "Scrollback"],
    Component: lazyPart(() => import("./appearance/appearance-section.tsx")),
  },
];

export function sectionOf(id: string): SettingsSection | undefined {
  return SECTIONS.find((section) => section.id === id);
}
