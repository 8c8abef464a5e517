import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Notice } from "../../../components/notice.tsx";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { toProblem, type Problem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

interface IdentityFormProps {
  /** The refusal, for those who may not set it. */
  problem: Problem;
  busy: boolean;
  /** The worker knows by now. */
  onSet: () => void;
}

/** Asks in whose name commits are made, says so to the worker, and goes on. */
export function IdentityForm({ problem, busy, onSet }: IdentityFormProps) {
  const { client, queries } = useServices();
  const who = useQuery(queries.auth.whoami.queryOptions());
  const [identity, setIdentity] = useState({ name: "", email: "" });
  const [setting, setSetting] = useState(false);
  const [failed, setFailed] = useState<Problem>();
  const { name, email } = { name: identity.name.trim(), email: identity.email.trim() };
  const given = name !== "" && email !== "";
  if (who.data?.scope !== "admin") return <ProblemText problem={problem} />;
  const submit = async () => {
    if (!given || setting || busy) return;
    setSetting(true);
    setFailed(undefined);
    try {
      await client.config.settings.set({ key: "git.name", value: name });
      await client.config.settings.set({ key: "git.email", value: email });
      onSet();
    } catch (error) {
      setFailed(toProblem(error));
    } finally {
      setSetting(false);
    }
  };
  return (
    <form
      className="mt-1 space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p className="text-muted">
        Git does not know yet in whose name. It is asked once, for all workspaces of this worker.
      </p>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
        <TextField
          label="Name"
          autoComplete="name"
          value={identity.name}
          change={(text) => setIdentity({ ...identity, name: text })}
        />
        <TextField
          label="E-mail"
          type="email"
          autoComplete="email"
          value={identity.email}
          change={(text) => setIdentity({ ...identity, email: text })}
        />
      </div>
      {failed !== undefined && (
        <Notice tone="bad" title="It was not set" urgent>
          <ProblemText problem={failed} />
        </Notice>
      )}
      <Button type="submit" size="small" variant="primary" busy={setting || busy} disabled={!given}>
        Set and commit
      </Button>
    </form>
  );
}
