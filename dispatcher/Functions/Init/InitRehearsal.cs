using System.Text.Json;
using Amazon.StepFunctions;

namespace Disa.Functions.Init;

/// <summary>Starts the workflow for an invented item.</summary>
/// <param name="shape">The table's shape.</param>
internal sealed class InitRehearsal(TableShape shape)
{
    /// <summary>The function is handed over in the same form as by the mapping, and its answer written as for it.</summary>
    internal async Task RunAsync(Log log, CancellationToken cancellation)
    {
        var client = new AmazonStepFunctionsClient(
            new AmazonStepFunctionsConfig
            {
                HttpClientFactory = new Rehearsal(_ => """{"executionArn":"rehearsal","startDate":1764460800}"""),
            }
        );
        var function = new InitFunction(new(client, "rehearsal", log), shape, log, TimeProvider.System);
        var batch = JsonSerializer.Deserialize(Event(), InitJson.Default.StreamEvent)!;
        var answer = await function.RunAsync(batch, cancellation).ConfigureAwait(false);
        JsonSerializer.SerializeToUtf8Bytes(answer, InitJson.Default.BatchResponse);
    }

    private string Event()
    {
        var members = shape
            .KeyNames.Append(SendAttributes.Message)
            .Select(name =>
                $$"""
                    "{{JsonEncodedText.Encode(name)}}":{"S":"1"}
                    """
            );
        var keys = string.Join(',', members.Take(shape.KeyNames.Count));
        return $$$"""
            {"Records":[{"eventID":"1","eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"Keys":{{{{keys}}}},
            "NewImage":{{{{string.Join(',', members)}}}},"ApproximateCreationDateTime":1764460800,"SequenceNumber":"1"}}]}
            """;
    }
}
