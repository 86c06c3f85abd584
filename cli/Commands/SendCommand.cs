using System.CommandLine;
using System.Text.Json;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary><c>disa send</c>: puts items; what follows is the dispatcher's.</summary>
internal static class SendCommand
{
    /// <summary>Puts under way at the same time.</summary>
    private const int Concurrency = 16;

    private static readonly Argument<string[]> Texts = new("TEXT") { Description = "The messages, each one item", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<FileInfo?> Lines = new("--file") { Description = "A file of JSON lines, each an item: {\"message\": \"…\", \"subject\": \"…\", …}; - reads standard input" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until each is Successful or Failure; exit code 1 if one is not Successful" };
    private static readonly Option<string> Timeout = new("--timeout") { Description = "How long to wait at the most", DefaultValueFactory = _ => "60s" };

    public static Command Create()
    {
        var command = new Command("send", "Put messages in the table") { Texts, Lines, Wait, Timeout };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var items = Items(parsed);
        var timeout = Duration.Parse(parsed.GetValue(Timeout)!);
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var outbox = new Outbox(session, deployment);

        var ids = await Terminal.Progress($"Putting {items.Count} items", async say =>
        {
            var put = new string[items.Count];
            var done = 0;
            await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation }, async (i, token) =>
            {
                put[i] = await outbox.Put(items[i], token).ConfigureAwait(false);
                say($"Putting items: {Interlocked.Increment(ref done)} of {items.Count}");
            }).ConfigureAwait(false);
            return put;
        }).ConfigureAwait(false);

        if (!parsed.GetValue(Wait))
        {
            Print(parsed, [.. ids.Select(id => new Message { Id = id })]);
            return DisaCommand.Done;
        }

        var messages = await Terminal.Progress("Waiting for the dispatcher", async say =>
        {
            var decided = new Message[ids.Length];
            var done = 0;
            await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation }, async (i, token) =>
            {
                decided[i] = await outbox.WaitFor(ids[i], message => message.IsDecided, timeout, token).ConfigureAwait(false) ?? new Message { Id = ids[i], Reason = "Deleted" };
                say($"Decided: {Interlocked.Increment(ref done)} of {ids.Length}");
            }).ConfigureAwait(false);
            return decided;
        }).ConfigureAwait(false);
        Print(parsed, messages);
        return messages.All(message => message.Status == "Successful") ? DisaCommand.Done : DisaCommand.DidNotHappen;
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
            var outcome = message.Status is null && message.Reason is null ? "" : $"  {Terminal.Colored(message.Status)}  {Markup.Escape(message.Reason ?? "")}";
            Terminal.Out.MarkupLine($"{Markup.Escape(message.Id)}{outcome}");
        }
    }

    private static List<Dictionary<string, AttributeValue>> Items(ParseResult parsed)
    {
        var items = (parsed.GetValue(Texts) ?? []).Select(Outbox.ItemOf).ToList();
        if (parsed.GetValue(Lines) is { } file)
        {
            if (file.Name != "-" && !file.Exists)
            {
                throw new MisuseException($"there is no file {file}.");
            }

            var number = 0;
            foreach (var line in file.Name == "-" ? StandardInput() : File.ReadLines(file.FullName))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                {
                    items.Add(ItemOf(line, $"{file.Name}:{number}"));
                }
            }
        }

        return items.Count > 0 ? items : throw new MisuseException("there is nothing to send: give a TEXT or --file.");
    }

    private static IEnumerable<string> StandardInput()
    {
        while (Console.In.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static Dictionary<string, AttributeValue> ItemOf(string line, string where)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.String => Outbox.ItemOf(document.RootElement.GetString()!),
                JsonValueKind.Object => Document.FromJson(line).ToAttributeMap(),
                _ => throw new MisuseException($"{where}: a JSON object (an item) or a JSON string (a message) is expected."),
            };
        }
        catch (JsonException failure)
        {
            throw new MisuseException($"{where} is not JSON: {failure.Message}");
        }
    }
}
