import { useState, type ReactNode, type SyntheticEvent } from "react";
import { Command } from "../../components/command.tsx";
import { Mark } from "../../components/mark.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProblemText } from "../../components/problem-text.tsx";
import { Button } from "../../components/ui/button.tsx";
import { Field } from "../../components/ui/field.tsx";
import { Input } from "../../components/ui/input.tsx";
import { useServices } from "../../services.ts";
import type { SessionState } from "../../session.ts";

interface SignInProps {
  session: Exclude<SessionState, { kind: "signed_in" }>;
  /** What else there is to say before. */
  children?: ReactNode;
}

/** The way in: a one-time link made on the worker, opened here or pasted. */
export function SignIn({ session, children }: SignInProps) {
  const services = useServices();
  const [pasted, setPasted] = useState("");
  const busy = session.kind === "signing_in";
  const problem = session.kind === "signed_out" ? session.problem : undefined;

  if (session.kind === "signing_in" && session.by === "pairing") return <Pairing />;

  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (pasted.trim() === "" || busy) return;
    // What was pasted is a secret; it does not stay in the field.
    setPasted("");
    void services.session.signInWith(pasted);
  };

  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-12">
      <Mark className="size-11" />
      <h1 className="mt-5 text-2xl font-semibold">Sign in to this worker</h1>
      <p className="mt-1.5 text-muted">
        No account, no password: the worker itself lets you in, with a link that works once.
      </p>
      {problem !== undefined && (
        <Notice tone="bad" title="You are not signed in" urgent className="mt-6">
          <ProblemText problem={problem} />
        </Notice>
      )}
      {children}
      <ol className="mt-8 space-y-6">
        <li>
          <p className="mb-2 text-sm font-medium">On the worker, run</p>
          <Command>ws open</Command>
          <p className="mt-1.5 text-[0.8125rem] text-muted">
            or use the link that the agent printed when it started. For this device to stay signed in, run{" "}
            <code className="font-mono">ws pair</code> there.
          </p>
        </li>
        <li>
          <form onSubmit={submit}>
            <Field
              label="It opens this page by itself. Elsewhere, paste it"
              hint="The link, its code, the code of ws pair, or a token from ws token create."
            >
              {(control) => (
                <div className="flex gap-2">
                  <Input
                    {...control}
                    type="password"
                    autoComplete="off"
                    placeholder="http://…/#code=…"
                    value={pasted}
                    onChange={(event) => setPasted(event.target.value)}
                  />
                  <Button type="submit" variant="primary" busy={busy}>
                    Sign in
                  </Button>
                </div>
              )}
            </Field>
          </form>
        </li>
      </ol>
    </main>
  );
}

/** While this browser and the worker prove to each other that they know the code, which takes a moment on purpose. */
function Pairing() {
  const isReadable = location.protocol === "http:" && !/^(localhost|127\.|\[::1\])/.test(location.hostname);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-12" aria-busy="true">
      <Mark className="size-11" />
      <h1 className="mt-5 text-2xl font-semibold">Pairing this browser</h1>
      <p role="status" className="mt-1.5 text-muted">
        The worker and this browser make sure of each other. It is then one of the worker's devices:{" "}
        <code className="font-mono">ws devices</code> lists it, and ends it.
      </p>
      {isReadable && (
        <Notice tone="warn" title="This page came by plain http" className="mt-6">
          <p className="text-muted">
            Whoever shares the network can read what passes, and could have changed this page.
          </p>
        </Notice>
      )}
    </main>
  );
}
