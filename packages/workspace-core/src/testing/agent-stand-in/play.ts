export type Dialect = "claude" | "codex" | "opencode";

/** What a stand-in does next. */
export type Step = { out: string } | { err: string } | { sleep: number } | { exit: number } | "hang";

/** The conversations that a stand-in has had, each with all that it was told; kept in the home of its workspace. */
export interface Conversations {
  get(session: string): string[] | undefined;
  set(session: string, told: readonly string[]): void;
}

/**
 * A program that speaks as a coding tool does and does nothing. Its first prompt begins with the name of a scene; what it is told later in the same
 * conversation is answered according to that scene. It uses nothing outside itself, because its text becomes a program.
 */
export function* play(call: {
  dialect: Dialect;
  argv: readonly string[];
  told: string;
  env: Readonly<Record<string, string | undefined>>;
  now: number;
  newSession: string;
  conversations: Conversations;
}): Generator<Step> {
  const { dialect, argv, told, env, now, newSession, conversations } = call;
  const after = (option: string): string | undefined =>
    argv.includes(option) ? argv[argv.indexOf(option) + 1] : undefined;
  const resumed =
    dialect === "claude"
      ? after("--resume")
      : dialect === "opencode"
        ? after("--session")
        : argv.includes("resume")
          ? argv.at(-2)
          : undefined;
  const session = resumed ?? newSession;
  const before = conversations.get(session) ?? [];
  const json = (value: unknown): Step => ({ out: `${JSON.stringify(value)}\n` });

  if (resumed !== undefined && before.length === 0) {
    const gone = `No conversation found with session ID: ${resumed}`;
    if (dialect === "claude") {
      yield json({ type: "result", subtype: "error_during_execution", is_error: true, num_turns: 0, errors: [gone] });
      yield { err: `${gone}\n` };
    } else if (dialect === "codex") {
      yield { err: `Error: thread/resume: thread/resume failed: no rollout found for thread id ${resumed}\n` };
    } else yield { err: "\u001B[91m\u001B[1mError: \u001B[0mSession not found\n" };
    yield { exit: 1 };
    return;
  }
  const all = [...before, told];
  conversations.set(session, all);
  const [first = ""] = all;
  const [scene = "", argument = ""] = first.trim().split(/\s+/);
  const turn = all.length;

  function* begin(): Generator<Step> {
    if (dialect === "claude") {
      yield json({
        type: "system",
        subtype: "init",
        session_id: session,
        model: after("--model"),
        apiKeySource: "none",
      });
      yield json({
        type: "rate_limit_event",
        rate_limit_info: { status: "allowed_warning", resetsAt: Math.round(now / 1000) + 9 },
        session_id: session,
      });
    } else if (dialect === "codex") {
      yield json({ type: "thread.started", thread_id: session });
      yield json({ type: "turn.started" });
    } else yield json({ type: "step_start", timestamp: now, sessionID: session, part: { type: "step-start" } });
  }

  const says = (text: string): Step =>
    dialect === "claude"
      ? json({
          type: "assistant",
          message: { model: "m", content: [{ type: "text", text }] },
          session_id: session,
        })
      : dialect === "codex"
        ? json({ type: "item.completed", item: { id: "item_0", type: "agent_message", text } })
        : json({ type: "text", timestamp: now, sessionID: session, part: { type: "text", text } });

  function* finish(text: string, denials: readonly unknown[] = []): Generator<Step> {
    if (dialect === "claude") {
      yield json({
        type: "result",
        subtype: "success",
        is_error: false,
        result: text,
        session_id: session,
        total_cost_usd: 0.5,
        usage: { input_tokens: 7, output_tokens: 3 },
        permission_denials: denials,
        terminal_reason: "completed",
      });
    } else if (dialect === "codex")
      yield json({ type: "turn.completed", usage: { input_tokens: 7, output_tokens: 3 } });
    else {
      const tokens = { input: 7, output: 3 };
      yield json({ type: "step_finish", sessionID: session, part: { reason: "stop", tokens, cost: 0.5 } });
      if (denials.length > 0) yield json({ type: "done", sessionID: session, reason: "idle", rejected: denials });
    }
  }

  /** Ends in its own way with what went wrong. */
  function* fail(message: string, more: { error: string; status?: number; name?: string }): Generator<Step> {
    const { error, status, name = "APIError" } = more;
    if (dialect === "claude") {
      yield json({
        type: "assistant",
        message: { model: "<synthetic>", content: [{ type: "text", text: message }] },
        session_id: session,
        error,
      });
      yield json({
        type: "result",
        subtype: "success",
        is_error: true,
        api_error_status: status ?? null,
        result: message,
        session_id: session,
        permission_denials: [],
        terminal_reason: "completed",
      });
    } else if (dialect === "codex") {
      for (let count = 2; count <= 3; count += 1) {
        yield json({ type: "error", message: `Reconnecting... ${count}/5 (${message})` });
      }
      yield json({ type: "turn.failed", error: { message } });
    } else {
      const data = { message, ...(status === undefined ? {} : { statusCode: status }) };
      yield json({ type: "error", timestamp: now, sessionID: session, error: { name, data } });
    }
  }

  const limit = (): Generator<Step> => {
    const words =
      dialect === "codex"
        ? `You've hit your usage limit. Visit the settings to buy more or try again in ${argument || "2"} minutes.`
        : "You've hit your session limit · resets 9:30pm (Asia/Saigon)";
    return fail(words, { error: "rate_limit", status: 429 });
  };
  const noKey = (): Generator<Step> =>
    dialect === "codex"
      ? fail("unexpected status 401 Unauthorized: Missing bearer or basic authentication in header", { error: "" })
      : fail(dialect === "claude" ? "Not logged in · Please run /login" : "No key for this provider.", {
          error: "authentication_failed",
          name: "ProviderAuthError",
        });

  if (scene === "early-die") {
    yield { err: "it broke before it began\n" };
    yield { exit: 3 };
    return;
  }
  yield { err: "a warning that means nothing\n" };
  yield { out: "a line before the others\n" };
  yield* begin();
  switch (scene) {
    case "ask":
      if (turn > 1) {
        yield says(`You said: ${told}`);
        if (told === "wait") {
          yield "hang";
          return;
        }
        return yield* finish(`You said: ${told}`);
      }
      yield says("Let me ask.");
      if (dialect === "claude") {
        const options = [
          { label: "left", description: "" },
          { label: "right", description: "" },
        ];
        const questions = [{ question: "Which way?", header: "Way", options }];
        return yield* finish("I need an answer.", [{ tool_name: "AskUserQuestion", tool_input: { questions } }]);
      }
      // Neither of the others asks: they stop where they may not go on.
      return yield* finish("I may not.", dialect === "opencode" ? [{ permission: "bash" }] : []);
    case "deny":
      yield says("I tried.");
      return yield* finish(
        "I was not allowed.",
        dialect === "claude" ? [{ tool_name: "Bash", tool_input: { command: "x" } }] : [{ permission: "bash" }],
      );
    case "limit":
      if (turn > 1) break;
      if (dialect === "claude") {
        const resetsAt = Math.round(now / 1000) + 60 * Number(argument || "2");
        const rate_limit_info = { status: "rejected", resetsAt, rateLimitType: "five_hour" };
        yield json({ type: "rate_limit_event", rate_limit_info, session_id: session });
      }
      yield* limit();
      yield { exit: 1 };
      return;
    case "limit-text":
      if (turn > 1) break;
      yield* limit();
      yield { exit: 1 };
      return;
    case "quota":
      yield* fail("Monthly usage limit reached", { error: "rate_limit", status: 429 });
      yield { exit: 1 };
      return;
    case "noauth":
      if (env["ANTHROPIC_API_KEY"] === "good" || env["CODEX_API_KEY"] === "good") break;
      yield* noKey();
      yield { exit: 1 };
      return;
    case "die":
      yield says("Half of it.");
      yield { err: "it broke\n" };
      yield { exit: 3 };
      return;
    case "silent":
      return;
    case "error":
      yield* fail("The model is overloaded.", { error: "server_error", status: 529 });
      yield { exit: 1 };
      return;
    case "hang":
      yield* fail("The model is overloaded.", { error: "server_error", status: 529 });
      yield "hang";
      return;
    case "linger":
      yield says("All done.");
      yield* finish("All done.");
      yield "hang";
      return;
    case "torn":
      yield says("So far.");
      yield {
        out: '{"type":"assistant","message":{"mod{"type":"rate_limit_event","rate_limit_info":{"status":"allowed"}}',
      };
      yield { out: '{"type":"nothing that anybody knows","session_id":5}\n[1,2]\nnull\n{"type":\n' };
      break;
    case "big": {
      const line = "x".repeat(64 * 1024);
      for (let count = 0; count < 96; count += 1) yield says(line);
      break;
    }
    case "talk":
      yield says("You've hit your usage limit · resets 9:30pm. Not logged in · Please run /login");
      return yield* finish("401 Unauthorized: usage limit reached|1762952400");
    case "stuck":
      yield "hang";
      return;
    case "slow":
      yield { sleep: Number(argument || "1000") };
      break;
    case "sticky":
      yield says("Done.");
      yield* finish("Done.");
      yield { exit: 1 };
      return;
  }
  const result = turn > 1 ? `Went on after: ${all.slice(0, -1).join(" | ")}; told: ${told}` : `Did: ${told}`;
  yield says(result);
  yield* finish(result);
}
