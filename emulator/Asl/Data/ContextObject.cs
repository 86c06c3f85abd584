using System.Globalization;
using System.Text.Json;
using Disa.Asl.States;

namespace Disa.Asl.Data;

/// <summary>What <c>$$</c> shows: the execution, the state machine, the state, and the task or item at hand.</summary>
internal static class ContextObject
{
    /// <param name="canRetry">Whether the state is of a type that can be retried.</param>
    /// <param name="item">The item of the innermost Map; null outside.</param>
    public static JsonElement Of(ExecutionFacts facts, Position position, bool canRetry, string? token, ItemAtHand? item) =>
        Json.Write(w =>
        {
            w.WriteStartObject();

            w.WriteStartObject("Execution");
            w.WriteString("Id", facts.Arn);
            w.WritePropertyName("Input");
            facts.Input.WriteTo(w);
            w.WriteString("Name", facts.Name);
            w.WriteString("RoleArn", facts.RoleArn);
            w.WriteString("StartTime", Time(facts.Started));
            if (facts.RedriveCount is { } redrives)
            {
                w.WriteNumber("RedriveCount", redrives);
            }

            if (facts.Redriven is { } redriven)
            {
                w.WriteString("RedriveTime", Time(redriven));
            }

            w.WriteEndObject();

            w.WriteStartObject("StateMachine");
            w.WriteString("Id", facts.StateMachineArn);
            w.WriteString("Name", facts.StateMachineName);
            w.WriteEndObject();

            w.WriteStartObject("State");
            w.WriteString("Name", position.State);
            w.WriteString("EnteredTime", Time(position.Entered));
            if (canRetry)
            {
                w.WriteNumber("RetryCount", position.RetryCount);
            }

            w.WriteEndObject();

            if (token is not null)
            {
                w.WriteStartObject("Task");
                w.WriteString("Token", token);
                w.WriteEndObject();
            }

            if (item is { } hand)
            {
                w.WriteStartObject("Map");
                w.WriteStartObject("Item");
                w.WriteNumber("Index", hand.Index);
                if (hand.Key is not null)
                {
                    w.WriteString("Key", hand.Key);
                }

                w.WritePropertyName("Value");
                hand.Value.WriteTo(w);
                if (hand.Source is not null)
                {
                    w.WriteString("Source", hand.Source);
                }

                w.WriteEndObject();
                w.WriteEndObject();
            }

            w.WriteEndObject();
        });

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
