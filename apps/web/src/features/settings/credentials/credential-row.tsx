import type { CredentialInfo } from "@ws/rpc-contract";
import { Fragment, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { Badge } from "../../../components/ui/badge.tsx";
import { CredentialActions, type Asked } from "./credential-actions.tsx";
import { expiryOf } from "./expiry.ts";
import { KINDS } from "./kinds.ts";
import { TestButton, TestResult, useTest } from "./test-button.tsx";

/** Of those that use it. */
const NAMED = 3;

interface CredentialRowProps {
  credential: CredentialInfo;
  ask: (what: Asked) => void;
}

/** One credential: what it is, what may be wrong with it, who uses it, and what can be done with it. */
export function CredentialRow({ credential, ask }: CredentialRowProps) {
  const { name, type, problem, usedBy } = credential;
  const { label, Icon } = KINDS[type];
  const test = useTest(name);
  return (
    <li className="flex items-start gap-3 px-4 py-3.5">
      <Icon className="mt-0.5 size-4.5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1 space-y-0.5 text-[0.8125rem] text-muted">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-ink">
          <span className="font-mono font-medium break-all">{name}</span>
          <States credential={credential} />
        </p>
        <Facts>{[label, ...factsOf(credential)]}</Facts>
        <p>{usedBy.length === 0 ? "No workspace uses it" : <UsedBy names={usedBy} />}</p>
        {problem !== undefined && <p className="break-words text-bad">{problem}</p>}
        <TestResult test={test} />
      </div>
      <div className="flex shrink-0 items-center gap-1">
        {/* Of the others there is nobody to ask. */}
        {credential.host !== undefined && type !== "ssh_key" && <TestButton name={name} test={test} />}
        <CredentialActions credential={credential} ask={ask} />
      </div>
    </li>
  );
}

function States({ credential: { expires, refused, exposed } }: { credential: CredentialInfo }) {
  const [now] = useState(() => Date.now());
  const expiry = expires === undefined ? undefined : expiryOf(expires, now);
  return (
    <>
      {refused !== undefined && <Badge tone="bad">Refused</Badge>}
      {expires !== undefined && expiry !== undefined && (
        <Badge tone={expiry.tone} title={new Date(expires).toLocaleString()}>
          {expiry.text}
        </Badge>
      )}
      {exposed === true && (
        <Badge tone="warn" title="Everything that runs in a workspace can read it">
          Exposed
        </Badge>
      )}
    </>
  );
}

function factsOf({ type, host, source, last4, fingerprint, created }: CredentialInfo): readonly ReactNode[] {
  return [
    host,
    type === "file" && <span className="font-mono break-all">{source}</span>,
    type === "github_app" && source,
    last4 !== undefined && (
      <span className="font-mono" aria-label={`ends in ${last4}`}>
        ••••{last4}
      </span>
    ),
    fingerprint !== undefined && <span className="font-mono break-all">{fingerprint}</span>,
    created !== undefined && (
      <time dateTime={created} title={new Date(created).toLocaleString()}>
        set on {new Date(created).toLocaleDateString()}
      </time>
    ),
  ].filter((fact) => fact !== undefined && fact !== false);
}

function Facts({ children }: { children: readonly ReactNode[] }) {
  return (
    <p className="flex flex-wrap gap-x-2">
      {children.map((fact, at) => (
        // Their order is all that they are.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className="min-w-0">
          {fact}
          {at < children.length - 1 && (
            <span aria-hidden className="ml-2">
              ·
            </span>
          )}
        </span>
      ))}
    </p>
  );
}

function UsedBy({ names }: { names: readonly string[] }) {
  const rest = names.length - NAMED;
  return (
    <>
      Used by{" "}
      {names.slice(0, NAMED).map((name, at) => (
        <Fragment key={name}>
          {at > 0 && ", "}
          <Link to={`/w/${name}`} className="font-mono text-ink underline decoration-line-strong underline-offset-2">
            {name}
          </Link>
        </Fragment>
      ))}
      {rest > 0 && <span title={names.slice(NAMED).join(", ")}> and {rest} more</span>}
    </>
  );
}
