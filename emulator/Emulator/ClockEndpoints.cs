using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;

namespace Disa.Emulator;

/// <summary>What <c>POST /_disa/time</c> takes: how far the clock moves, in seconds; not negative, a year at most.</summary>
internal sealed record AdvanceTime(double Seconds);

/// <summary>What <c>GET /_disa/time/due</c> answers: what happens by itself next, the earliest first.</summary>
internal sealed record UpcomingList(IReadOnlyList<Upcoming> Upcoming);

/// <summary>The clock under <c>/_disa/time</c>: moves it, stops a move, and lists what falls due.</summary>
internal sealed class ClockEndpoints(
    Clock clock,
    Func<TimeSpan, CancellationToken, Task> advance,
    Func<string, IEnumerable<Upcoming>> upcoming
)
{
    /// <summary>How many things are listed at most.</summary>
    public const int Most = 200;

    private const double LongestSeconds = 366.0 * 24 * 3600;

    /// <param name="state">The emulator's health, which moving the clock answers.</param>
    /// <param name="account">Whose resources are meant where the query names no account.</param>
    public IEnumerable<AdminEndpoint> All(Func<AdminResponse> state, string account)
    {
        yield return new(
            "POST",
            "time",
            async (request, gone) =>
            {
                try
                {
                    await advance(Span(request), gone).ConfigureAwait(false);
                }
                catch (ClockMovingException moving)
                {
                    throw new AwsException("ConflictException", moving.Message, 409);
                }
                catch (OperationCanceledException) when (!gone.IsCancellationRequested)
                {
                    // Stopped: the answer says where the clock is.
                }

                return state();
            }
        );
        yield return new(
            "DELETE",
            "time",
            async (_, gone) =>
            {
                await clock.Stop().WaitAsync(gone).ConfigureAwait(false);
                return state();
            }
        );
        yield return new(
            "GET",
            "time/due",
            (request, _) =>
            {
                var list = upcoming(request.Query.GetValueOrDefault("account", account))
                    .OrderBy(next => next.At)
                    .Take(Limit(request))
                    .ToList();
                return Task.FromResult(
                    new AdminResponse(JsonSerializer.SerializeToUtf8Bytes(new UpcomingList(list), ClockJson.Default.UpcomingList))
                );
            }
        );
    }

    private static TimeSpan Span(AdminRequest request)
    {
        double? seconds;
        try
        {
            seconds = JsonSerializer.Deserialize(request.Body.Span, ClockJson.Default.AdvanceTime)?.Seconds;
        }
        catch (JsonException)
        {
            throw new AwsException("ValidationException", "The body must be JSON such as {\"seconds\": 90}.");
        }

        return seconds is >= 0 and <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds.Value)
            : throw new AwsException("ValidationException", "seconds must be between 0 and a year: the clock moves forward only.");
    }

    private static int Limit(AdminRequest request) =>
        request.Query.GetValueOrDefault("limit") is not { } text ? Most
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= Most ? limit
        : throw new AwsException(
            "ValidationException",
            string.Create(CultureInfo.InvariantCulture, $"limit must be between 1 and {Most}.")
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AdvanceTime))]
[JsonSerializable(typeof(UpcomingList))]
internal sealed partial class ClockJson : JsonSerializerContext;
