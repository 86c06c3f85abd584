using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Jsonata;

namespace Disa.Emulator.Events;

public sealed record TestEventPatternRequest(string? EventPattern, string? Event);

public sealed record TestEventPatternResponse(bool Result);

/// <summary>Whether an event matches a pattern.</summary>
internal static class TestEventPattern
{
    public static TestEventPatternResponse Run(TestEventPatternRequest request, Caller caller)
    {
        EventsErrors.Text(request.EventPattern, "eventPattern", 4096);
        EventsErrors.Text(request.Event, "event", PutEvents.SizeLimit);
        try
        {
            return new(EventPattern.Parse(request.EventPattern!).Matches(JsonInput.Parse(request.Event!)));
        }
        catch (EventPatternException failure)
        {
            throw EventsErrors.InvalidPattern(failure.Message);
        }
        catch (JsonException)
        {
            throw EventsErrors.Validation("Parameter Event is not valid.");
        }
    }
}
