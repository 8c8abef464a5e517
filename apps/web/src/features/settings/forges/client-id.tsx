import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemText } from "../../../components/problem-text.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { TextField } from "../../../components/ui/text-field.tsx";
import { useServices } from "../../../services.ts";
import { useAttempt } from "../../../components/use-attempt.ts";

/** Asks for what a login by code needs, where the worker has none. */
export function ClientId({ host }: { host: string }) {
  const { client, queries } = useServices();
  const cache = useQueryClient();
  const [value, setValue] = useState("");
  const { busy, problem, attempt } = useAttempt(() => undefined);
  return (
    <form
      className="space-y-3 px-4 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() === "") return;
        attempt(async () => {
          await client.config.settings.set({ key: "github.clientId", value: value.trim() });
          await cache.invalidateQueries({ queryKey: queries.config.key() });
        });
      }}
    >
      <TextField
        label="Client ID"
        hint={`Of an OAuth app or a GitHub App at ${host} with device flow. It is no secret. Without one, add a token under Credentials.`}
        placeholder="Iv1.0123456789abcdef"
        className="font-mono"
        value={value}
        change={setValue}
      />
      {problem !== undefined && <ProblemText problem={problem} />}
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  );
}
