/** What each scope lets its bearer do, the least first. */
export const SCOPES = [
  {
    value: "read",
    label: "Read",
    about: "Look at workspaces, files, logs and tasks. Changes nothing and runs nothing.",
  },
  {
    value: "write",
    label: "Write",
    about: "Use workspaces: terminals, files, git, tasks. Not the worker's settings, nor who is let in.",
  },
  { value: "admin", label: "Administrator", about: "Everything, with credentials, settings, devices and tokens." },
] as const;

const SHORT: Readonly<Record<string, string>> = {
  read: "may read",
  write: "may write",
  admin: "administrator",
  metrics: "reads /metrics alone",
  uplink: "link of a worker",
  "-": "by the tailnet's rules",
};

/** A scope as it stands in a list. */
export function scopeText(scope: string): string {
  if (scope.startsWith("workspace:")) return `only ${scope.slice("workspace:".length)}`;
  return SHORT[scope] ?? scope;
}
