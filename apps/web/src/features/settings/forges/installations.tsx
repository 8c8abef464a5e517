import type { CredentialTest } from "@ws/rpc-contract";
import { Badge } from "../../../components/ui/badge.tsx";

type Installation = NonNullable<CredentialTest["installations"]>[number];

/** Where a GitHub App is installed, and what it may do there. */
export function Installations({ installations, host }: { installations: readonly Installation[]; host: string }) {
  if (installations.length === 0)
    return (
      <p className="px-4 py-3 text-sm text-muted">
        It is installed nowhere yet. Whoever owns repositories can install it on {host}, from the app's page.
      </p>
    );
  return (
    <ul aria-label="Installations" className="divide-y divide-line">
      {installations.map(({ account, repositories, permissions, suspended }) => (
        <li key={account} className="px-4 py-3 text-[0.8125rem] text-muted">
          <p className="flex flex-wrap items-center gap-2 text-sm text-ink">
            <span className="font-mono font-medium break-all">{account === "" ? "an account" : account}</span>
            <Badge>{repositories === "all" ? "All repositories" : "Chosen repositories"}</Badge>
            {suspended && <Badge tone="warn">Suspended</Badge>}
            {permissions["contents"] !== "write" && !suspended && <Badge tone="warn">Cannot push</Badge>}
          </p>
          <p className="mt-0.5 break-words">
            {Object.entries(permissions)
              .map(([what, level]) => `${what.replaceAll("_", " ")}: ${level}`)
              .join(" · ")}
          </p>
        </li>
      ))}
    </ul>
  );
}
