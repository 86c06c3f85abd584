using System.CommandLine;
using Amazon.DynamoDBv2.Model;

namespace Disa.Cli.Commands;

/// <summary><c>disa send</c>: puts items; what follows is the dispatcher's.</summary>
internal static class SendCommand
{
    /// <summary>Puts in progress at the same time.</summary>
    private const int Concurrency = 16;

    /// <summary>Wrong messages that are named one by one.</summary>
    private const int MostNamed = 50;

    private static readonly Argument<string[]> Texts = new("TEXT")
    {
        Description = "The messages, one item each; put text that starts with a dash after --",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<FileInfo?> Lines = new("--file")
    {
        Description =
            "A file of JSON lines, each an item: {\"message\": \"…\", \"subject\": \"…\", …}; - reads standard input. "
            + "If a line could not be sent, nothing is put; sending the same file again puts no line twice",
    };

    private static readonly Option<bool> Again = new("--again")
    {
        Description = "With --file: send the file again, even if its lines were put before",
    };
    private static readonly Option<bool> Wait = new("--wait")
    {
        Description = "Wait until each message is Successful or Failure; exit code 1 if any is not Successful",
    };
    private static readonly Option<string> Timeout = new("--timeout")
    {
        Description = "The maximum time to wait",
        DefaultValueFactory = _ => "60s",
    };

    public static Command Create()
    {
        var command = new Command("send", "Put messages in the table") { Texts, Lines, Again, Wait, Timeout };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var timeout = Duration.Parse(parsed.GetValue(Timeout)!);
        var drafts = Drafts.Of(parsed.GetValue(Texts) ?? [], parsed.GetValue(Lines));
        if (drafts.Count == 0)
        {
            throw new UsageException("there is nothing to send: give a TEXT or --file.");
        }

        Refuse(drafts);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Asked.Deployment(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var outbox = new Outbox(session, deployment);
        Drafts.Check(
            drafts,
            outbox,
            deployment,
            await EmulatorApi.Now(session, cancellation).ConfigureAwait(false),
            parsed.GetValue(Again)
        );
        Refuse(drafts);

        await Terminal
            .Progress($"Putting {drafts.Count} items", say => Put(parsed, drafts, outbox, say, cancellation))
            .ConfigureAwait(false);
        if (drafts.Count(draft => draft.WasThere) is > 0 and var there)
        {
            Terminal.Remark($"{drafts.Count - there} put, {there} there already from an earlier time; --again sends a file once more.");
        }

        if (!parsed.GetValue(Wait))
        {
            Print(parsed, [.. drafts.Select(draft => new Message { Id = draft.Id! })]);
            return DisaCommand.Done;
        }

        var messages = await Terminal
            .Progress(
                "Waiting for the dispatcher",
                async say =>
                {
                    var decided = new Message[drafts.Count];
                    var done = 0;
                    await Parallel
                        .ForAsync(
                            0,
                            drafts.Count,
                            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation },
                            async (i, token) =>
                            {
                                var id = drafts[i].Id!;
                                decided[i] =
                                    await outbox.WaitFor(id, message => message.IsDecided, timeout, token).ConfigureAwait(false)
                                    ?? new Message { Id = id, Reason = "Deleted" };
                                say($"Decided: {Interlocked.Increment(ref done)} of {drafts.Count}");
                            }
                        )
                        .ConfigureAwait(false);
                    return decided;
                }
            )
            .ConfigureAwait(false);
        Print(parsed, messages);
        return messages.All(message => message.State == MessageState.Sent) ? DisaCommand.Done : DisaCommand.DidNotHappen;
    }

    /// <summary>Puts all, and stops at the first that cannot be put, or when someone asks to; those in progress are waited for, so that the count is right.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1031", Justification = "Thrown again, with how far it came.")]
    private static async Task<int> Put(
        ParseResult parsed,
        List<Draft> drafts,
        Outbox outbox,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var put = 0;
        (Draft Draft, Exception Why)? failure = null;
        await Parallel
            .ForEachAsync(
                drafts,
                new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
                async (draft, _) =>
                {
                    if (cancellation.IsCancellationRequested || failure is not null)
                    {
                        return;
                    }

                    try
                    {
                        if (await outbox.PutOrMeet(draft.Item!, CancellationToken.None).ConfigureAwait(false) is { } there)
                        {
                            draft.WasThere = Outbox.IsSame(draft.Item!, there)
                                ? true
                                : throw new FailureException(
                                    $"there is another item with the key {draft.Id} already; a message is sent once."
                                );
                        }

                        draft.IsDone = true;
                        say($"Putting items: {Interlocked.Increment(ref put)} of {drafts.Count}");
                    }
                    catch (Exception wrong)
                    {
                        failure ??= (draft, wrong);
                    }
                }
            )
            .ConfigureAwait(false);

        if (failure is { } first)
        {
            var ending = DisaCommand.EndingOf(first.Why, parsed, cancellation);
            throw new EndedException(ending with { Sentence = $"{first.Draft.Where}: {ending.Sentence} {SoFar(drafts)}" }, first.Why);
        }

        if (put < drafts.Count)
        {
            throw new InterruptedException($"stopped. {SoFar(drafts)}");
        }

        return put;
    }

    /// <summary>How far it came, and what the same command would do now.</summary>
    private static string SoFar(List<Draft> drafts)
    {
        var done = drafts.Count(draft => draft.IsDone);
        var again = drafts.Any(draft => draft is { IsDone: true, HasStableKey: false })
            ? $"These are put already, and the same command would put them again: {string.Join(", ", drafts.Where(draft => draft is { IsDone: true, HasStableKey: false }).Select(draft => draft.Id))}."
            : "The same command goes on where it stopped.";
        return $"{done} of {drafts.Count} were put. {again}";
    }

    private static void Print(ParseResult parsed, IReadOnlyList<Message> messages)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(messages, CliJson.Readable.IReadOnlyListMessage);
            return;
        }

        foreach (var message in messages)
        {
            var outcome =
                message.Status is null && message.Reason is null
                    ? Styled.Empty
                    : (Styled)$"  {message.Status}  {States.WithReason(message)}";
            Terminal.Out.Line($"{message.Id}{outcome}");
        }
    }

    /// <exception cref="EndedException">Something could never be sent: nothing is put.</exception>
    private static void Refuse(List<Draft> drafts)
    {
        var wrong = drafts.Where(draft => draft.Wrong is not null).ToList();
        if (wrong.Count == 0)
        {
            return;
        }

        if (wrong is [var only])
        {
            throw new UsageException($"{only.Where}: {only.Wrong} Nothing was put.");
        }

        foreach (var draft in wrong.Take(MostNamed))
        {
            Terminal.Remark($"{draft.Where}: {draft.Wrong}");
        }

        throw new UsageException(
            $"{wrong.Count} of {drafts.Count} messages cannot be sent{(wrong.Count > MostNamed ? $", the first {MostNamed} of them above" : "")}; nothing was put."
        );
    }
}
