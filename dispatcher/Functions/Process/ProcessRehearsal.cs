using System.Text.Json;

namespace Disa.Functions.Process;

/// <summary>Sends three messages that are nobody's: one by itself, then two together, for each goes by operations of its own.</summary>
/// <param name="keyNames">The key attributes of the table.</param>
internal sealed class ProcessRehearsal(IReadOnlyList<string> keyNames)
{
    /// <summary>The function is handed over in the same form as by the workflow, and its answer written as for it.</summary>
    internal Task RunAsync(Log log, CancellationToken cancellation) => RunAsync(log, cancellation, _ => { });

    /// <param name="log">Where the function logs.</param>
    /// <param name="cancellation">Ends it between two messages.</param>
    /// <param name="called">Told of each operation that was called.</param>
    internal async Task RunAsync(Log log, CancellationToken cancellation, Action<string> called)
    {
        var function = Composition.Rehearsed(
            new Rehearsal(
                (operation, body) =>
                {
                    called(operation);
                    return Answer(operation, body);
                }
            ),
            log
        );
        foreach (
            var ids in (string[][])
                [
                    ["1"],
                    ["2", "3"],
                ]
        )
        {
            var input = JsonSerializer.Deserialize(Event(ids), ProcessJson.Default.ProcessEvent)!;
            var result = await function.RunAsync(input, () => Timeouts.Function, cancellation).ConfigureAwait(false);
            JsonSerializer.SerializeToUtf8Bytes(result, ProcessJson.Default.ProcessResult);
        }
    }

    private string Event(string[] ids)
    {
        var items = string.Join(',', ids.Select(id => $$"""{"key":{{Key(id)}},"seenAt":"2026-11-30T00:00:00.000Z"}"""));
        const string breaker = """{"Item":{"state":{"S":"OK"}}}""";
        return $$"""{"execution":"rehearsal","batch":{"items":[{{items}}],"source":"rehearsal","breaker":{{breaker}}} }""";
    }

    private string Answer(string operation, string body) =>
        operation switch
        {
            "GetItem" => $$"""{"Item":{{Item("1")}}}""",
            "BatchGetItem" => $$$"""{"Responses":{{{Responses(body)}}},"UnprocessedKeys":{}}""",
            "BatchExecuteStatement" => """{"Responses":[{},{}]}""",
            "Publish" => "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
            "PublishBatch" => "<PublishBatchResponse><PublishBatchResult><Successful>"
                + "<member><Id>0</Id><MessageId>2</MessageId></member><member><Id>1</Id><MessageId>3</MessageId></member>"
                + "</Successful></PublishBatchResult></PublishBatchResponse>",
            _ => "{}",
        };

    /// <summary>Under the name of the table, as it was asked for.</summary>
    private string Responses(string body)
    {
        using var request = JsonDocument.Parse(body);
        var table = request.RootElement.GetProperty("RequestItems").EnumerateObject().First().Name;
        return $$"""{"{{JsonEncodedText.Encode(table)}}":[{{Item("2")}},{{Item("3")}}]}""";
    }

    private string Item(string id) => $$"""{{{Members(id)}},"message":{"S":"A rehearsal."} }""";

    private string Key(string id) => $"{{{Members(id)}}}";

    private string Members(string id) =>
        string.Join(
            ',',
            keyNames.Select(name =>
                $$"""
                    "{{JsonEncodedText.Encode(name)}}":{"S":"{{id}}"}
                    """
            )
        );
}
