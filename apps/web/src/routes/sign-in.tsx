import { SignIn } from "../features/session/sign-in.tsx";
import type { SessionState } from "../session.ts";

export function SignInPage({ session }: { session: Exclude<SessionState, { kind: "signed_in" }> }) {
  return (
    <>
      <title>Sign in · Workspace</title>
      <SignIn session={session} />
    </>
  );
}
