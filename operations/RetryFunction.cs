using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Model;

namespace Disa.Operations;

/// <summary>What the retry function is told when a person calls it.</summary>
/// <param name="Source">Who calls.</param>
/// <param name="Time">The time that counts as now: the emulator's clock may have been moved.</param>
/// <param name="Force">Whether messages that are not due yet go too.</param>
internal sealed record RetryEvent(
    string Source,
    string? Time,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Force
);

/// <summary>Runs the retry function now, instead of at its next scheduled time.</summary>
internal static class RetryFunction
{
    /// <remarks>
    /// Where the answer is lost the SDK repeats the call, and the function sweeps again: what the first sweep has taken up is not taken up
    /// a second time (an execution's name and a message's claim see to that), so the answer is that of a sweep that found less.
    /// </remarks>
    /// <returns>What the function answered.</returns>
    /// <exception cref="FailureException">The function failed.</exception>
    public static async Task<JsonElement> Invoke(AwsSession session, Deployment deployment, bool force, CancellationToken cancellation)
    {
        var health = await EmulatorApi.HealthOrNone(session, cancellation).ConfigureAwait(false);
        var now = health is null ? null : Instant.Text(health.Now);
        var answer = await session
            .Lambda.InvokeAsync(
                new InvokeRequest
                {
                    FunctionName = deployment.RetryFunctionName,
                    Payload = JsonSerializer.Serialize(new RetryEvent("disa.cli", now, force), OperationsJson.Default.RetryEvent),
                },
                cancellation
            )
            .ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(answer.Payload.ToArray());
        return answer.FunctionError is null
            ? JsonElement.Parse(text.Length == 0 ? "{}" : text)
            : throw new FailureException($"the retry function failed: {text}");
    }
}
