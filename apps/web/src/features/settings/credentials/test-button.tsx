import { useMutation } from "@tanstack/react-query";
import type { CredentialTest } from "@ws/rpc-contract";
import { CircleCheck, Info, OctagonAlert } from "lucide-react";
import { Button } from "../../../components/ui/button.tsx";
import { toProblem } from "../../../problem.ts";
import { useServices } from "../../../services.ts";

/** Asks a credential's forge about it, as often as it is pressed. */
export function useTest(name: string) {
  const { client } = useServices();
  return useMutation({ mutationFn: () => client.credentials.test({ name }) });
}

export function TestButton({ name, test }: { name: string; test: ReturnType<typeof useTest> }) {
  return (
    <Button size="small" aria-label={`Test ${name}`} busy={test.isPending} onClick={() => test.mutate()}>
      Test
    </Button>
  );
}

/** What the forge said, below what was asked about. */
export function TestResult({ test: { data, error, isPending } }: { test: ReturnType<typeof useTest> }) {
  if (isPending || (data === undefined && error === null)) return <p role="status" className="sr-only" />;
  if (data === undefined) {
    const { message, next } = toProblem(error);
    return (
      <p role="alert" className="flex gap-1.5 break-words text-bad">
        <OctagonAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        <span className="min-w-0">
          {message} {next}
        </span>
      </p>
    );
  }
  const Icon = data.checked ? CircleCheck : Info;
  return (
    <p role="status" className={data.checked ? "flex gap-1.5 text-good" : "flex gap-1.5"}>
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span className="min-w-0 break-words">{[data.message, ...rightsOf(data)].join(" ")}</span>
    </p>
  );
}

function rightsOf({ scopes }: CredentialTest): readonly string[] {
  if (scopes === undefined) return [];
  return [scopes.length === 0 ? "It may only read what is public." : `It may: ${scopes.join(", ")}.`];
}
