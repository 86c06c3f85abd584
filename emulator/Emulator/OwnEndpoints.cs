using Disa.Emulator.Rooms;

namespace Disa.Emulator;

/// <summary>What the emulator itself has under <c>/_disa/</c>, beside its rooms: its clock, its health, and how it is emptied.</summary>
/// <param name="account">Whose resources are meant where a query names no account.</param>
internal sealed class OwnEndpoints(LocalCloud cloud, HealthReport health, string account)
{
    public IEnumerable<AdminEndpoint> All()
    {
        var time = new ClockEndpoints(
            cloud.Clock,
            cloud.Advance,
            whose => cloud.Rooms.SelectMany(room => room.Upcoming(whose, ClockEndpoints.Most))
        );
        foreach (var one in time.All(health.Say, account))
        {
            yield return one;
        }

        yield return new("GET", "health", (_, _) => Task.FromResult(health.Check()));
        yield return new(
            "POST",
            "reset",
            async (request, _) =>
            {
                var whose = request.Query.GetValueOrDefault("account", account);
                await cloud.Reset(whose).ConfigureAwait(false);
                return new AdminResponse("{}"u8.ToArray());
            }
        );
    }
}
