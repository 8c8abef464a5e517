import { Notice } from "../components/notice.tsx";
import { useAllDrafts } from "../features/files/drafts-context.tsx";
import { SignIn } from "../features/session/sign-in.tsx";
import type { SessionState } from "../session.ts";

export function SignInPage({ session }: { session: Exclude<SessionState, { kind: "signed_in" }> }) {
  const unsaved = useAllDrafts().count();
  return (
    <>
      <title>Sign in · Workspace</title>
      <SignIn session={session}>
        {unsaved > 0 && (
          <Notice
            tone="warn"
            title={`${unsaved === 1 ? "One file has changes that are" : `${unsaved} files have changes that are`} not saved`}
            className="mt-6"
          >
            <p className="text-muted">They are kept in this tab. Sign in here to go on with them.</p>
          </Notice>
        )}
      </SignIn>
    </>
  );
}
