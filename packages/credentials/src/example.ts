import { CredentialService } from "./index.ts";

/** Asks for a credential as a job would, uses it, and ends it. */
export async function withCredential(
  githubApp: { appId: string; privateKey: string; apiUrl?: string },
  use: (credential: { username: string; token: string }) => Promise<void>,
): Promise<string> {
  await using credentials = new CredentialService({ githubApp });
  const credential = await credentials.getCredentials({
    repo: "github.com/org/repo",
    access: "write",
    context: { executionId: "exec-123", taskId: "task-1", reason: "fix the login" },
    ttlSeconds: 300,
  });
  try {
    await use(credential);
    return JSON.stringify(credential); // id, type, provider, host, repo, access, expiry: never the token
  } finally {
    await credentials.revokeForExecution("exec-123"); // at GitHub too
  }
}
