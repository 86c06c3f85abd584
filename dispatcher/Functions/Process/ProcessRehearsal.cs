using System.Text.Json;

namespace Disa.Functions.Process;

/// <summary>Sends an invented message.</summary>
/// <remarks>
/// Only one: two go through the operations for batches, which share most of their code with these, and compiling them too would delay the first
/// message of a stack that sends one an hour.
/// </remarks>
/// <param name="keyNames">The key attributes of the table.</param>
internal sealed class ProcessRehearsal(IReadOnlyList<string> keyNames)
{
    internal Task RunAsync(Log log, CancellationToken cancellation) => RunAsync(log, _ => { }, cancellation);

    /// <summary>The function is handed over in the same form as by the workflow, and its answer written as for it.</summary>
    /// <param name="log">Where the function logs.</param>
    /// <param name="called">Told of each operation that was called.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task RunAsync(Log log, Action<string> called, CancellationToken cancellation)
    {
        var function = Composition.Rehearsed(
            new Rehearsal(operation =>
            {
                called(operation);
                return Answer(operation);
            }),
            log
        );
        var input = JsonSerializer.Deserialize(Event(), ProcessJson.Default.ProcessEvent)!;
        var result = await function.RunAsync(input, () => Timeouts.Function, cancellation).ConfigureAwait(false);
        JsonSerializer.SerializeToUtf8Bytes(result, ProcessJson.Default.ProcessResult);
    }

    private string Event()
    {
        const string breaker = """{"Item":{"state":{"S":"OK"}}}""";
        var items = $$"""[{"key":{{{Key()}}},"seenAt":"2026-11-30T00:00:00.000Z"}]""";
        return $$"""{"execution":"rehearsal","batch":{"items":{{items}},"source":"rehearsal","breaker":{{breaker}} } }""";
    }

    private string Answer(string operation) =>
        operation switch
        {
            "GetItem" => $$"""{"Item":{{{Key()}},"message":{"S":"A rehearsal."} } }""",
            "Publish" => "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
            _ => "{}",
        };

    /// <summary>The members of the key, without the braces.</summary>
    private string Key() =>
        string.Join(
            ',',
            keyNames.Select(name =>
                $$"""
                    "{{JsonEncodedText.Encode(name)}}":{"S":"1"}
                    """
            )
        );
}
